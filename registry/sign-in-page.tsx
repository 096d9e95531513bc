/** @jsxImportSource hono/jsx */
import { findClient } from './clients'
import type { Registry, RegistryContext } from './context'
import { PersonName, PersonOrcid } from './identity'
import { renderPage } from './layout'
import { everybody, ownName, PEOPLE, type Person, personOf } from './people'
import { findSession } from './sessions'

const FOUND_MAX = 20

export function renderSignIn(registry: Registry, c: RegistryContext, given: URLSearchParams, problem?: string) {
  const query = new URLSearchParams(given)
  query.delete('find')
  const wanted = given.get('find')?.trim() ?? ''
  const client = findClient(registry, query.get('client_id'))
  const unlisted = everybody(registry).length - PEOPLE.length
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
      {unlisted > 0 && <FindForm unlisted={unlisted} query={query} wanted={wanted} />}
      <form method="post" action={withQueryOf('/signin', query)}>
        {wanted === '' ? (
          <Everybody registry={registry} query={query} />
        ) : (
          <SearchResults registry={registry} wanted={wanted} />
        )}
      </form>
    </>,
  )
}

/** Works without script: the search is a GET that keeps the authorization request. */
function FindForm({ unlisted, query, wanted }: { unlisted: number; query: URLSearchParams; wanted: string }) {
  return (
    <search>
      <form method="get" action="/signin" class="find">
        {[...query].map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <label for="find">Name or iD</label>
        <input id="find" name="find" type="search" value={wanted} autocomplete="off" />
        <button type="submit" class="quiet">
          Find
        </button>
        <p class="note">
          {wanted === '' ? (
            `${unlisted} more people are here than are listed below.`
          ) : (
            <a href={withQueryOf('/signin', query)}>Back to the list</a>
          )}
        </p>
      </form>
    </search>
  )
}

function Everybody({ registry, query }: { registry: Registry; query: URLSearchParams }) {
  const suggested = findSuggested(registry, query)
  const others = PEOPLE.filter((person) => person.orcid !== suggested?.orcid)
  return (
    <>
      {suggested && <PeopleList heading="Suggested by the link" people={[suggested]} />}
      <PeopleList heading={suggested ? 'Everybody else' : 'People'} people={others} />
    </>
  )
}

function SearchResults({ registry, wanted }: { registry: Registry; wanted: string }) {
  const found = everybody(registry).filter((person) => matches(person, wanted))
  if (found.length === 0) return <p role="status">Nobody here has this name or iD.</p>
  const heading = found.length > FOUND_MAX ? `The first ${FOUND_MAX} of ${found.length} people` : 'Found'
  return <PeopleList heading={heading} people={found.slice(0, FOUND_MAX)} />
}

/** By part of the name, ignoring case and accents, or by iD with or without hyphens and URL. */
function matches(person: Person, wanted: string): boolean {
  const orcid = wanted.split('/').at(-1)?.replace(/\W/g, '').toUpperCase() ?? ''
  const isOrcid = /^\d{4,15}[\dX]?$/.test(orcid)
  return isOrcid ? person.orcid.replaceAll('-', '').includes(orcid) : plain(ownName(person)).includes(plain(wanted))
}

const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** ORCID prefills its form from `orcid` or else `email`; here that person comes first. */
function findSuggested(registry: Registry, query: URLSearchParams): Person | null {
  const email = query.get('email')?.trim().toLowerCase()
  const byOrcid = personOf(registry, query.get('orcid')?.trim().split('/').at(-1))
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
