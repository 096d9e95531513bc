/** @jsxImportSource hono/jsx */
import type { Registry, RegistryContext } from './context'
import { renderPage } from './layout'
import { type Person, personOf, publicNames } from './people'
import { findSession } from './sessions'

/** GET /{iD}: the public page of a record, reduced to the minimum. */
export function answerRecord(registry: Registry, c: RegistryContext): Response | Promise<Response> {
  const person = personOf(registry, c.req.param('orcid'))
  if (!person) return answerNotFound(registry, c)
  return renderPage(
    c,
    { title: person.orcid, session: findSession(registry, c) },
    <>
      <h1>{publicHeading(person)}</h1>
      <p class="orcid">{`${registry.issuer}/${person.orcid}`}</p>
      <RecordState person={person} />
    </>,
  )
}

function publicHeading(person: Person) {
  if (person.state === 'deactivated') return 'Record deactivated'
  const { name, given, family } = publicNames(person)
  const shown = name ?? [given, family].filter(Boolean).join(' ')
  return shown ? <bdi>{shown}</bdi> : 'Name is not public'
}

function RecordState({ person }: { person: Person }) {
  if (person.state === 'ok') return <p>This record is active. What is public in it is read through the API.</p>
  if (person.state === 'locked') return <p>This record is locked. It cannot be edited.</p>
  if (person.state === 'deactivated') return <p>Its owner has deactivated this record.</p>
  return (
    <p>
      This record was merged into <a href={`/${person.mergedInto}`}>{person.mergedInto}</a>, which is now the primary
      one.
    </p>
  )
}

export function answerNotFound(registry: Registry, c: RegistryContext): Response | Promise<Response> {
  return renderPage(
    c,
    { title: 'Not found', session: findSession(registry, c), status: 404 },
    <>
      <h1>There is nothing here</h1>
      <p>
        <a href="/">To the first page of the registry</a>
      </p>
    </>,
  )
}
