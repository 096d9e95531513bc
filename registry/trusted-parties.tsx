/** @jsxImportSource hono/jsx */
import { findClient } from './clients'
import { ScopeItem } from './consent-page'
import { type Registry, type RegistryContext, readForm } from './context'
import { renderPage } from './layout'
import { scopeLines } from './scopes'
import { findSession } from './sessions'
import type { Token } from './state'
import { endPermissions, liveTokensOf } from './tokens'

/** GET /trusted-parties: one entry for each organization, independent of its number of tokens, as at ORCID. */
export function answerTrustedParties(registry: Registry, c: RegistryContext): Response | Promise<Response> {
  const session = findSession(registry, c)
  if (!session) return c.redirect('/signin', 303)
  const tokens = liveTokensOf(registry, session.person.orcid)
  const clientIds = [...new Set(tokens.map((token) => token.clientId))]
  const removed = findClient(registry, new URL(c.req.url).searchParams.get('removed'))
  return renderPage(
    c,
    { title: 'Trusted parties', session },
    <>
      <h1>Trusted parties</h1>
      {removed && (
        <p class="notice" role="status">
          {removed.name} no longer has access to your record.
        </p>
      )}
      <h2>Trusted organizations</h2>
      {clientIds.length === 0 ? (
        <p>No organization has access to your record. One appears here when you authorize it.</p>
      ) : (
        clientIds.map((clientId) => (
          <Organization
            key={clientId}
            clientId={clientId}
            name={findClient(registry, clientId)?.name ?? clientId}
            tokens={tokens.filter((token) => token.clientId === clientId)}
          />
        ))
      )}
    </>,
  )
}

function Organization({ clientId, name, tokens }: { clientId: string; name: string; tokens: Token[] }) {
  const scopes = [...new Set(tokens.flatMap((token) => token.scopes))].sort()
  const since = new Date(Math.min(...tokens.map((token) => token.issuedAt)))
  return (
    <section class="card" aria-label={name}>
      <h3>{name}</h3>
      <p class="soft">
        Since <time dateTime={since.toISOString()}>{since.toISOString().slice(0, 10)}</time>
        {tokens.length > 1 && `, authorized ${tokens.length} times`}
      </p>
      <ul class="scopes">
        {scopeLines(scopes).map((line) => (
          <ScopeItem key={line.label} line={line} />
        ))}
      </ul>
      <form method="post" action="/trusted-parties">
        <button type="submit" class="danger" name="client_id" value={clientId}>
          Remove access<span class="hidden"> of {name}</span>
        </button>
      </form>
    </section>
  )
}

/** POST /trusted-parties with `client_id`: disables the client's tokens for this person. ORCID does not notify it. */
export async function answerRemoval(registry: Registry, c: RegistryContext): Promise<Response> {
  const session = findSession(registry, c)
  if (!session) return c.redirect('/signin', 303)
  const clientId = (await readForm(c)).get('client_id')
  const removed = endPermissions(registry, session.person.orcid, clientId)
  const notice = removed > 0 ? `?${new URLSearchParams({ removed: clientId ?? '' })}` : ''
  return c.redirect(`/trusted-parties${notice}`, 303)
}
