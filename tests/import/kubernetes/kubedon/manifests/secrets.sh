#!/bin/sh
# What no manifest has.
kubectl create secret generic cloudsql-account \
  --from-file=key.json=service-account.json \
  --from-literal=connection="${PROJECT}:${REGION}:mastodon"

kubectl create secret generic mastodon-keys \
  --from-literal=PAPERCLIP_SECRET=never-to-be-seen \
  --from-literal=SECRET_KEY_BASE=never-to-be-seen \
  --from-literal=OTP_SECRET=never-to-be-seen \
  --from-literal=LOCAL_DOMAIN="${DOMAIN}" \
  --from-literal=DB_USER=proxyuser \
  --from-literal=DB_PASS=never-to-be-seen

kubectl create secret generic front-certificate --from-file=fullchain.pem --from-file=privkey.pem
