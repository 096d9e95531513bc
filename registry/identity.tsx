/** @jsxImportSource hono/jsx */
import { ownName, type Person } from './people'

/** A name may be empty, very long or right-to-left, so it gets its own direction. */
export function PersonName({ person }: { person: Person }) {
  const name = ownName(person)
  return name === '' ? <em>No name given</em> : <bdi>{name}</bdi>
}

export function PersonOrcid({ person }: { person: Person }) {
  return <span class="orcid">{person.orcid}</span>
}
