import * as openid from 'openid-client'
import { expect, test } from 'vitest'
import { ADA, addFault, CALLBACK, MEMBER, readAdminState, setUpRegistry, type Trial } from './trial'
import { Visitor } from './visitor'

const trial = setUpRegistry()

async function discover({ url }: Trial): Promise<openid.Configuration> {
  const authentication = openid.ClientSecretPost(MEMBER.secret)
  const execute = [openid.allowInsecureRequests]
  const found = await openid.discovery(new URL(url), MEMBER.id, undefined, authentication, { execute })
  // ORCID's discovery document names no revocation endpoint, so every client has to be told.
  const { supportsPKCE: _, ...server } = found.serverMetadata()
  const told = { ...server, revocation_endpoint: `${url}/oauth/revoke` }
  const configuration = new openid.Configuration(told, MEMBER.id, undefined, authentication)
  openid.allowInsecureRequests(configuration)
  // Without this it trusts the connection and leaves the signature of the id_token alone.
  openid.enableNonRepudiationChecks(configuration)
  return configuration
}

async function connect(configuration: openid.Configuration) {
  const [state, nonce] = [openid.randomState(), openid.randomNonce()]
  const scope = 'openid /read-limited /activities/update'
  const parameters = { redirect_uri: CALLBACK, scope, state, nonce }
  const url = openid.buildAuthorizationUrl(configuration, parameters)
  const landed = await new Visitor().authorize(url.href)
  return openid.authorizationCodeGrant(configuration, landed, {
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
}

test('openid-client completes discovery, the code flow with a verified id_token, userinfo and revocation', async () => {
  const configuration = await discover(trial)
  const tokens = await connect(configuration)
  expect(tokens.claims()).toMatchObject({ sub: ADA, aud: MEMBER.id, iss: trial.url })
  expect(tokens).toMatchObject({ orcid: ADA, expires_in: 631138518, token_type: 'bearer' })
  expect(await openid.fetchUserInfo(configuration, tokens.access_token, ADA)).toMatchObject({ sub: ADA })
  await openid.tokenRevocation(configuration, tokens.access_token)
  expect((await readAdminState(trial)).tokens).toMatchObject([{ live: false, revokedBecause: 'CLIENT_REVOKED' }])
})

test('openid-client notices a wrong nonce, so the fault is one', async () => {
  await addFault(trial, { on: 'token', fault: 'wrong_nonce' })
  await expect(connect(await discover(trial))).rejects.toThrow()
})
