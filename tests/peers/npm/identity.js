// @azure/identity gets tokens without Microsoft's own instance discovery.
'use strict';
const assert = require('assert');
const { execFileSync } = require('child_process');
const fs = require('fs');
const { ClientCertificateCredential, ClientSecretCredential, ManagedIdentityCredential } = require('@azure/identity');
const { credential, management, run } = require('./service');

const scope = 'https://management.azure.com/.default';
const { CLIENT_ID, DATA_FOLDER, CLIENT_SECRET, SUBSCRIPTION_ID, TENANT_ID } = process.env;

async function tryOut(source, what) {
  const { token } = await source.getToken(scope);
  const response = await fetch(`${management}/subscriptions?api-version=2019-11-01`,
                               { headers: { authorization: `Bearer ${token}` } });
  assert.strictEqual((await response.json()).value[0].subscriptionId, SUBSCRIPTION_ID, what);
}

run(async () => {
  await tryOut(credential(), 'by secret');
  await tryOut(new ClientSecretCredential('adfs', CLIENT_ID, CLIENT_SECRET, { authorityHost: management }), 'by adfs');
  await assert.rejects(credential('wrong').getToken(scope), /AADSTS7000215/);

  // PS256 and x5t#S256, which no other client here uses.
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-noenc', '-days', '2', '-subj', '/CN=robot',
                           '-keyout', 'key.pem', '-out', 'robot.crt'], { stdio: 'ignore' });
  fs.writeFileSync('robot.pem', fs.readFileSync('key.pem', 'utf8') + fs.readFileSync('robot.crt', 'utf8'));
  const registered = `${DATA_FOLDER}/principals/${CLIENT_ID}/certificates`;
  fs.mkdirSync(registered, { recursive: true });
  fs.copyFileSync('robot.crt', `${registered}/robot.pem`);
  for (const sendCertificateChain of [false, true]) {
    const certificate = new ClientCertificateCredential(
        TENANT_ID, CLIENT_ID, 'robot.pem',
        { authorityHost: management, disableInstanceDiscovery: true, sendCertificateChain });
    await tryOut(certificate, `by certificate, with its chain: ${sendCertificateChain}`);
  }

  process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = management;
  await tryOut(new ManagedIdentityCredential(), 'by managed identity');
});
