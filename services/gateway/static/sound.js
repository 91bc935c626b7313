// Tones by priority, made here and repeated until nothing waits. Muting never silences the highest.

const TONES = {
  highest: { notes: [[880, 0], [1175, 0.2], [880, 0.4], [1175, 0.6]], seconds: 0.17, everyMs: 2000, loudness: 0.5 },
  high: { notes: [[740, 0], [988, 0.24]], seconds: 0.2, everyMs: 4000, loudness: 0.35 },
  routine: { notes: [[587, 0]], seconds: 0.3, everyMs: 10000, loudness: 0.25 },
};
const MUTED = "plateward.muted";

export class Sound {
  #context = new AudioContext();
  #priority = null;
  #timer = 0;

  /** @param {() => void} changed called when the sound goes on or off */
  constructor(changed) {
    this.#context.addEventListener("statechange", changed);
  }

  /** Whether tones can be heard; browsers wait for a click or a key before they allow any. */
  get on() {
    return this.#context.state === "running";
  }

  get muted() {
    return sessionStorage.getItem(MUTED) === "yes";
  }

  set muted(muted) {
    sessionStorage.setItem(MUTED, muted ? "yes" : "no");
  }

  async turnOn() {
    await this.#context.resume();
    if (this.#priority) this.#call(this.#priority);
  }

  /** Plays the tone of high priority once, to hear that it can be heard. */
  sample() {
    this.#play(TONES.high);
  }

  /** Sounds for the most urgent of what waits, from now on; null is silence. A new arrival sounds at once. */
  callFor(priority, { anew = false } = {}) {
    if (priority === this.#priority && !anew) return;
    this.#priority = priority;
    clearInterval(this.#timer);
    if (priority) this.#call(priority);
  }

  #call(priority) {
    clearInterval(this.#timer);
    const sound = () => (!this.muted || priority === "highest") && this.#play(TONES[priority]);
    sound();
    this.#timer = setInterval(sound, TONES[priority].everyMs);
  }

  #play({ notes, seconds, loudness }) {
    if (!this.on) return;
    for (const [hertz, delay] of notes) {
      const start = this.#context.currentTime + delay;
      const tone = new OscillatorNode(this.#context, { type: "triangle", frequency: hertz });
      const volume = new GainNode(this.#context, { gain: 0 });
      // Swelling and fading for a hundredth of a second keeps the ends of a tone from clicking.
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(loudness, start + 0.01);
      volume.gain.setValueAtTime(loudness, start + seconds - 0.03);
      volume.gain.linearRampToValueAtTime(0, start + seconds);
      tone.connect(volume).connect(this.#context.destination);
      tone.start(start);
      tone.stop(start + seconds);
    }
  }
}
