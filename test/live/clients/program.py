import os
import sys

from redis.sentinel import Sentinel

hosts = [tuple(address.split(":")) for address in os.environ["REDIS_SENTINELS"].split(",")]
name = os.environ["REDIS_MASTER_NAME"]
password, sentinel_password = os.environ["REDIS_PASSWORD"], os.environ["REDIS_SENTINEL_PASSWORD"]
certificate = os.environ["CLIENT_CERTIFICATE"]

# the block of the page

for line in sys.stdin:
    key = line.strip()
    try:
        master.set(key, key)
        print("OK" if master.get(key) == key.encode() else "another value", flush=True)
    except Exception as error:
        print(repr(error), flush=True)
