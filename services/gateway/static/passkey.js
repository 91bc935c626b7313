// Makes or uses a passkey. The server's question stands in the form; the browser's answer goes back with it.

const form = document.querySelector("#passkey");
const offered = window.PublicKeyCredential && "parseRequestOptionsFromJSON" in PublicKeyCredential;

if (form && offered) {
  const button = form.querySelector("button");
  const problem = form.querySelector("[data-problem]");
  form.querySelector("[data-without]").hidden = true;
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    try {
      form.elements.answer.value = JSON.stringify(await answer());
      form.submit();
    } catch {
      problem.textContent = "No passkey was given. Try again, or use the code.";
      problem.hidden = false;
      button.disabled = false;
    }
  });
}

async function answer() {
  const question = JSON.parse(form.dataset.question);
  const credential =
    form.dataset.make === "yes"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
  return credential.toJSON();
}
