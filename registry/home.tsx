/** @jsxImportSource hono/jsx */
import type { RegistryClient } from './clients'
import type { Registry, RegistryContext } from './context'
import { renderPage } from './layout'
import { findSession } from './sessions'

export function answerHome(registry: Registry, c: RegistryContext): Response | Promise<Response> {
  return renderPage(
    c,
    { title: 'Welcome', session: findSession(registry, c) },
    <>
      <h1>A stand-in for the ORCID registry</h1>
      <p>
        It answers an OAuth client as ORCID does, with invented people, so that the portal can be tried and tested
        without credentials and without a network. Usually you come here from the portal, not by hand.
      </p>
      <p>
        <a href="/signin">Sign in as one of the people</a>, see what is in <a href="/my-orcid">your record</a> and who
        has access in <a href="/trusted-parties">trusted parties</a>, or read the{' '}
        <a href="/.well-known/openid-configuration">discovery document</a>.
      </p>
      <h2>Organizations that may ask</h2>
      {registry.clients.map((client) => (
        <Client key={client.id} client={client} />
      ))}
    </>,
  )
}

function Client({ client }: { client: RegistryClient }) {
  return (
    <section class="card" aria-label={client.name}>
      <h3>{client.name}</h3>
      <p>{client.description}</p>
      <dl>
        <dt>Client id</dt>
        <dd>
          <code>{client.id}</code>
        </dd>
        <dt>Credentials</dt>
        <dd>{client.kind === 'member' ? 'Member API' : 'Public API'}</dd>
        <dt>Redirect URIs</dt>
        <dd>
          {client.redirectUris.map((uri) => (
            <code key={uri}>{uri}</code>
          ))}
        </dd>
      </dl>
    </section>
  )
}
