# Sourced by whoever asks a server, the probe too: by which program, and how it connects. Starts no process.
# shellcheck shell=sh disable=SC2034 # variables for those who source this

# Images of Valkey name their programs valkey-*, images of Redis redis-*.
if command -v valkey-cli >/dev/null; then cli=valkey-cli; else cli=redis-cli; fi

# Words of `cli`, and of `own_cli` for the server of this pod: that is known by its address, and must be reached when its
# certificate has expired, for only so it can be told of a new one. A certificate of our own is shown to whoever asks for one.
if [ -z "${TLS_CLIENTS-}" ]; then
  own_cli=$cli
else
  if [ -f "$RUN_DIR/tls.pem" ]; then
    cli="$cli --tls --cacert $RUN_DIR/ca.pem --cert $RUN_DIR/tls.pem --key $RUN_DIR/tls.pem"
  else
    cli="$cli --tls --cacert ${TLS_DIR-}/ca.crt --cert $TLS_DIR/tls.crt --key $TLS_DIR/tls.key" # in a Job
  fi
  own_cli="$cli --insecure"
fi
