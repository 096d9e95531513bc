/** @jsxImportSource hono/jsx */
import { ownName, type Person } from './people'

/** A name may be empty, very long, or written from right to left: it gets a direction of its own. */
export function PersonName({ person }: { person: Person }) {
  const name = ownName(person)
  return name === '' ? <em>No name given</em> : <bdi>{name}</bdi>
}

export function PersonOrcid({ person }: { person: Person }) {
  return <span class="orcid">{person.orcid}</span>
}
