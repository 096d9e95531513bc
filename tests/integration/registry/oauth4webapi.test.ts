import * as oauth from 'oauth4webapi'
import { expect, test } from 'vitest'
import { ADA, CALLBACK, MEMBER, readAdminState, setUpRegistry } from './trial'
import { authorizeUrl, Visitor } from './visitor'

const trial = setUpRegistry()
const insecure = { [oauth.allowInsecureRequests]: true }

test('oauth4webapi completes discovery, the code flow with a verified id_token, userinfo and revocation', async () => {
  const issuer = new URL(trial.url)
  const discovered = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
  // ORCID's discovery document names no revocation endpoint, so every client has to be told.
  const server = { ...discovered, revocation_endpoint: `${trial.url}/oauth/revoke` }
  const client = { client_id: MEMBER.id }
  const authentication = oauth.ClientSecretPost(MEMBER.secret)
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]

  const landed = await new Visitor().authorize(authorizeUrl(trial, { state, nonce }))
  const parameters = oauth.validateAuthResponse(server, client, landed, state)
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    parameters,
    CALLBACK,
    oauth.nopkce,
    insecure,
  )
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
  await oauth.validateApplicationLevelSignature(server, answer, insecure)
  expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: ADA, iss: trial.url, amr: 'pwd' })
  expect(tokens).toMatchObject({ orcid: ADA, name: 'Ada Q. Example' })

  const userinfo = await oauth.userInfoRequest(server, client, tokens.access_token, insecure)
  expect(await oauth.processUserInfoResponse(server, client, ADA, userinfo)).toMatchObject({ sub: ADA })

  const revoked = await oauth.revocationRequest(server, client, authentication, tokens.access_token, insecure)
  await oauth.processRevocationResponse(revoked)
  expect((await readAdminState(trial)).tokens).toMatchObject([{ live: false, revokedBecause: 'CLIENT_REVOKED' }])
})
