# One image a service, each with only what that service needs:
#     docker build --build-arg SERVICE=gateway --tag plateward/gateway:0.1.0 .
# SERVICE: ingest, recognizer, matcher, retention, audit, gateway; witness, which watches other
# deployments' logs; or migrate, for the one-shot `plateward migrate`.

FROM python:3.11-slim AS build
ARG SERVICE
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# The environment that is shipped has no pip: the build's own installs into it.
RUN python -m venv --without-pip /opt/plateward

# Dependencies first: this layer stays while only our own code changes.
COPY deploy/build-requirements.txt ./
COPY requirements/ requirements/
RUN case "$SERVICE" in \
      ingest|recognizer|matcher|retention|audit|gateway) needs="$SERVICE" ;; \
      witness) needs=witness ;; \
      migrate) needs=audit ;; \
      *) echo "SERVICE must name a service, not '$SERVICE'" >&2; exit 2 ;; \
    esac \
 && pip install --require-hashes --no-deps --requirement build-requirements.txt \
 && pip --python /opt/plateward/bin/python install --require-hashes --no-deps --requirement "requirements/$needs.txt"

COPY pyproject.toml README.md LICENSE ./
COPY plateward/ plateward/
COPY services/ services/
RUN pip wheel --no-index --no-build-isolation --no-deps --wheel-dir wheels . \
 && pip --python /opt/plateward/bin/python install --no-index --no-deps wheels/*.whl

# The recogniser's eight-bit models are made here, once, and checked against the packaged ones.
RUN case "$SERVICE" in recognizer) /opt/plateward/bin/plateward models ;; esac

# An exec-form entry point cannot name an ARG, so what it starts is written here; `exec` leaves Python as process 1.
RUN case "$SERVICE" in \
      migrate) run="plateward migrate" ;; \
      *) run="python -m services.$SERVICE.main" ;; \
    esac \
 && printf '#!/bin/sh\nexec /opt/plateward/bin/%s\n' "$run" > /opt/plateward/bin/start \
 && chmod 0755 /opt/plateward/bin/start


FROM python:3.11-slim
COPY --from=build /opt/plateward /opt/plateward
# Only /tmp need be writable: the root file system may be mounted read-only.
ENV PATH=/opt/plateward/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PLATEWARD_HTTP_HOST=0.0.0.0 \
    PLATEWARD_HTTP_PORT=8080
WORKDIR /tmp
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PLATEWARD_HTTP_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["/opt/plateward/bin/start"]
