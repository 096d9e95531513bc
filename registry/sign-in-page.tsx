/** @jsxImportSource hono/jsx */
import { findClient } from './clients'
import type { Registry, RegistryContext } from './context'
import { PersonName, PersonOrcid } from './identity'
import { renderPage } from './layout'
import { findPerson, PEOPLE, type Person } from './people'
import { findSession } from './sessions'

export function renderSignIn(registry: Registry, c: RegistryContext, query: URLSearchParams, problem?: string) {
  const client = findClient(registry, query.get('client_id'))
  const suggested = findSuggested(query)
  const others = PEOPLE.filter((person) => person !== suggested)
  return renderPage(
    c,
    { title: 'Sign in', session: findSession(registry, c), query },
    <>
      <h1>Sign in</h1>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {client && (
        <p class="lead">
          to continue to <strong>{client.name}</strong>
        </p>
      )}
      <p>Choose who you are. Nobody here has a password, because nobody here exists.</p>
      {query.get('show_login') === 'false' && (
        <p class="aside">
          The link asked for the registration form first (<code>show_login=false</code>). There is none here.
        </p>
      )}
      <form method="post" action={withQueryOf('/signin', query)}>
        {suggested && <PeopleList heading="Suggested by the link" people={[suggested]} />}
        <PeopleList heading={suggested ? 'Everybody else' : 'People'} people={others} />
      </form>
    </>,
  )
}

/** ORCID fills its form in from `orcid`, else from `email`; here that person is put on top. */
function findSuggested(query: URLSearchParams): Person | null {
  const email = query.get('email')?.trim().toLowerCase()
  const byOrcid = findPerson(query.get('orcid')?.trim().split('/').at(-1))
  return byOrcid ?? PEOPLE.find((person) => person.email === email) ?? null
}

export function withQueryOf(path: string, query: URLSearchParams): string {
  return query.size > 0 ? `${path}?${query}` : path
}

function PeopleList({ heading, people }: { heading: string; people: readonly Person[] }) {
  return (
    <section>
      <h2>{heading}</h2>
      <ul class="people">
        {people.map((person) => (
          <li key={person.orcid}>
            <button type="submit" name="orcid" value={person.orcid}>
              <span class="name">
                <PersonName person={person} />
              </span>{' '}
              <PersonOrcid person={person} /> <span class="note">{person.note}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
