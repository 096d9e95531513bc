/** @jsxImportSource hono/jsx */
import { type AuthorizationRequest, checkAuthorizationRequest, checkClientAndRedirect } from './authorization-request'
import { issueCode } from './codes'
import { renderConsent } from './consent-page'
import { type Registry, type RegistryContext, readForm } from './context'
import type { Fault } from './faults'
import { renderInterstitial } from './interstitial-page'
import { renderPage } from './layout'
import { withFragment, withQuery } from './redirect-uri'
import { findSession, type Session } from './sessions'
import { renderSignIn } from './sign-in-page'
import { hasGranted } from './tokens'
import { answerWithFault } from './wire-faults'

/** GET /oauth/authorize. Never an error status: at ORCID it is a route of a single-page application. */
export function answerAuthorize(registry: Registry, c: RegistryContext): Promise<Response> {
  const fault = registry.faults.take('authorize')
  return answerWithFault(c, fault, () => authorize(registry, c, fault))
}

function authorize(registry: Registry, c: RegistryContext, fault: Fault | null): Response | Promise<Response> {
  const query = new URL(c.req.url).searchParams
  const session = findSession(registry, c)
  if (query.get('prompt') === 'none' && !session) return refuseSilently(registry, c, query)
  const checked = checkAuthorizationRequest(registry, query)
  if (checked.kind === 'error_page') return renderErrorPage(registry, c, checked)
  if (checked.kind === 'redirect') return c.redirect(checked.location, 302)
  const { request } = checked
  const misled = fault && locationOfFault(fault, request)
  if (misled) return c.redirect(misled, 302)
  const mustSignIn = request.prompt === 'login' && request.scopes.includes('openid')
  if (!session || mustSignIn) return renderSignIn(registry, c, query)
  if (hasGranted(registry, session.person.orcid, request.client.id, request.scopes)) {
    return c.redirect(locationWithCode(registry, request, session), 302)
  }
  return renderConsent(c, query, request, session)
}

/** POST /oauth/authorize with the `decision`; the query is that of the consent page. */
export async function answerDecision(registry: Registry, c: RegistryContext): Promise<Response> {
  const query = new URL(c.req.url).searchParams
  const checked = checkAuthorizationRequest(registry, query)
  if (checked.kind === 'error_page') return renderErrorPage(registry, c, checked)
  if (checked.kind === 'redirect') return c.redirect(checked.location, 303)
  const session = findSession(registry, c)
  if (!session) return renderSignIn(registry, c, query, 'You are no longer signed in. Choose who you are.')
  const decision = (await readForm(c)).get('decision')
  const { request } = checked
  if (decision === 'authorize') {
    const location = locationWithCode(registry, request, session)
    return registry.settings.interstitial ? renderInterstitial(c, session, location) : c.redirect(location, 303)
  }
  if (decision === 'deny') return c.redirect(locationOfDenial(request), 303)
  return renderConsent(c, query, request, session)
}

function locationWithCode(registry: Registry, request: AuthorizationRequest, session: Session): string {
  const code = issueCode(registry, {
    clientId: request.client.id,
    orcid: session.person.orcid,
    redirectUri: request.redirectUri,
    scopes: request.scopes,
    nonce: request.nonce,
    authTimeS: session.signedInAtS,
  })
  return withQuery(request.redirectUri, { code, state: request.state })
}

function locationOfDenial({ redirectUri, state }: AuthorizationRequest): string {
  return withQuery(redirectUri, { error: 'access_denied', error_description: 'User denies access', state })
}

function locationOfFault(fault: Fault, { redirectUri, state }: AuthorizationRequest): string | null {
  if (fault.fault === 'invalid_scope') return withFragment(redirectUri, 'error=invalid_scope')
  if (fault.fault === 'server_error') return withQuery(redirectUri, { error: 'server_error', state })
  return fault.fault === 'nothing' ? withQuery(redirectUri, {}) : null
}

/** `prompt=none` without a session, as in the single-page application: a bare `#login_required`, or its "not found" page. */
function refuseSilently(registry: Registry, c: RegistryContext, query: URLSearchParams): Response {
  const target = checkClientAndRedirect(registry, query)
  return c.redirect('kind' in target ? '/404' : withFragment(target.redirectUri, 'login_required'), 302)
}

function renderErrorPage(registry: Registry, c: RegistryContext, problem: { error: string; description: string }) {
  return renderPage(
    c,
    { title: 'This request cannot be shown', session: findSession(registry, c) },
    <>
      <h1>Something is wrong with this request</h1>
      <p class="problem">{problem.description}</p>
      <p>
        <code>{problem.error}</code>
      </p>
      <p>
        The organization that sent you here has to correct its link or its registration. Nothing was decided and nothing
        was sent back to it.
      </p>
    </>,
  )
}
