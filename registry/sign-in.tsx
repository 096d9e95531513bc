/** @jsxImportSource hono/jsx */
import type { Child } from 'hono/jsx'
import { type Registry, type RegistryContext, readForm } from './context'
import { PersonName, PersonOrcid } from './identity'
import { renderPage } from './layout'
import { type Person, personOf } from './people'
import { endSession, startSession } from './sessions'
import { renderSignIn, withQueryOf } from './sign-in-page'

/** POST /signin with the chosen `orcid`; the query is that of the authorization request, if there is one. */
export async function answerSignIn(registry: Registry, c: RegistryContext): Promise<Response> {
  const query = new URL(c.req.url).searchParams
  const person = personOf(registry, (await readForm(c)).get('orcid'))
  if (!person) return renderSignIn(registry, c, query, 'There is no such person here. Choose one of these.')
  if (person.state !== 'ok') return renderClosedRecord(registry, c, query, person)
  startSession(registry, c, person)
  return c.redirect(pathAfterSignIn(query), 303)
}

/** GET /signout */
export function answerSignOut(registry: Registry, c: RegistryContext): Response {
  endSession(registry, c)
  return c.redirect(pathAfterSignOut(new URL(c.req.url).searchParams), 303)
}

/** Removes `prompt=login`, which is satisfied now and would ask again for ever. */
function pathAfterSignIn(query: URLSearchParams): string {
  if (!query.has('client_id')) return '/trusted-parties'
  const rest = new URLSearchParams(query)
  if (rest.get('prompt') === 'login') rest.delete('prompt')
  return withQueryOf('/oauth/authorize', rest)
}

function pathAfterSignOut(query: URLSearchParams): string {
  return query.has('client_id') ? withQueryOf('/oauth/authorize', query) : '/'
}

function renderClosedRecord(registry: Registry, c: RegistryContext, query: URLSearchParams, person: Person) {
  const { title, content } = describeClosedRecord(registry, person, query)
  return renderPage(
    c,
    { title, session: null, query },
    <>
      <h1>{title}</h1>
      <p class="person-line">
        <PersonName person={person} /> <PersonOrcid person={person} />
      </p>
      {content}
      <p>
        <a href={withQueryOf('/signin', query)}>Choose another person</a>
      </p>
    </>,
  )
}

function describeClosedRecord(
  registry: Registry,
  person: Person,
  query: URLSearchParams,
): { title: string; content: Child } {
  if (person.state === 'locked') {
    const content = (
      <p>
        The registry's staff have locked this record. It cannot be signed in to or changed, and no organization can be
        given access to it. At ORCID the owner would write to the support team.
      </p>
    )
    return { title: 'This account is locked', content }
  }
  if (person.state === 'deactivated') {
    const content = (
      <p>
        Its owner has deactivated this record: everything in it is gone but the iD. At ORCID the owner could reactivate
        it here; the stand-in leaves it as it is.
      </p>
    )
    return { title: 'This account is deactivated', content }
  }
  return {
    title: 'This record was merged',
    content: <MergedRecord primary={personOf(registry, person.mergedInto)} query={query} />,
  }
}

function MergedRecord({ primary, query }: { primary: Person | null; query: URLSearchParams }) {
  if (!primary) return <p>The record that it was merged into does not exist here.</p>
  return (
    <>
      <p>
        This iD is now an alias of <PersonOrcid person={primary} />. Permissions given to organizations under the old iD
        did not move with it: they have to be given again.
      </p>
      <form method="post" action={withQueryOf('/signin', query)}>
        <button type="submit" class="primary" name="orcid" value={primary.orcid}>
          Continue as {primary.orcid}
        </button>
      </form>
    </>
  )
}
