/** @jsxImportSource hono/jsx */
import type { AuthorizationRequest } from './authorization-request'
import type { RegistryContext } from './context'
import { PersonName } from './identity'
import { renderPage } from './layout'
import { type ScopeLine, scopeLines } from './scopes'
import type { Session } from './sessions'
import { withQueryOf } from './sign-in-page'

/** All or nothing, as at ORCID: people cannot deselect single permissions. */
export function renderConsent(
  c: RegistryContext,
  query: URLSearchParams,
  request: AuthorizationRequest,
  session: Session,
) {
  const { client } = request
  return renderPage(
    c,
    { title: 'Authorize access', session, query },
    <>
      <h1>Authorize access</h1>
      <p class="person-line">
        You are currently signed in as:
        <br />
        <PersonName person={session.person} />
        <br />
        <span class="orcid">{session.person.orcid}</span> · <a href={withQueryOf('/signout', query)}>Sign out</a>
      </p>
      <section class="card" aria-labelledby="client">
        <h2 id="client">{client.name}</h2>
        <details>
          <summary>About this organization</summary>
          <p>{client.description}</p>
        </details>
        <p>has asked for the following access to your record:</p>
        <ul class="scopes">
          {scopeLines(request.scopes).map((line) => (
            <ScopeItem key={line.label} line={line} />
          ))}
        </ul>
      </section>
      <p>
        If you authorize it, this organization has this access until you stop it. You can do that at any time in your
        list of <a href="/trusted-parties">trusted parties</a>.
      </p>
      <form class="decision" method="post" action={withQueryOf('/oauth/authorize', query)}>
        <button type="submit" class="primary" name="decision" value="authorize">
          Authorize access
        </button>
        <button type="submit" class="quiet" name="decision" value="deny">
          Deny access
        </button>
      </form>
    </>,
  )
}

export function ScopeItem({ line }: { line: ScopeLine }) {
  return (
    <li>
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
        <path d="M4 10.5l4 4 8-9" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
      </svg>
      <div>
        <span>{line.label}</span> <code>{line.scopes.join(' ')}</code>
        {line.detail && (
          <details>
            <summary>
              What this means<span class="hidden">: {line.label}</span>
            </summary>
            <p>{line.detail}</p>
          </details>
        )}
      </div>
    </li>
  )
}
