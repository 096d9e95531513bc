import type { Registry } from '../context'
import { type Person, personOf } from '../people'
import { ApiError, notFound } from './api-error'
import { API_PATH, type Api } from './caller'

/** The person of an active record; every other state throws its own error. Source: `OrcidExceptionMapper`. */
export function openRecord(registry: Registry, api: Api, orcid: string, method: string, rest: string): Person {
  const person = personOf(registry, orcid)
  if (!person) throw notFound()
  if (person.state === 'merged')
    throw deprecated(registry, person, method, `${API_PATH[api]}/${person.mergedInto ?? ''}${rest}`)
  if (person.state === 'locked') throw new ApiError('9018', { values: { orcid }, says: `${orcid} is locked` })
  if (person.state === 'deactivated') throw new ApiError('9044', { says: `${orcid} is deactivated` })
  return person
}

function deprecated(registry: Registry, person: Person, method: string, path: string): ApiError {
  const orcid = `${registry.issuer}/${person.mergedInto ?? ''}`
  const values = { orcid, deprecated_orcid: `${registry.issuer}/${person.orcid}` }
  const location = `${registry.issuer}${path}`
  if (method === 'GET') return new ApiError('9007', { values, location })
  const developer = `This account is deprecated. Please refer to account: ${orcid}.`
  return new ApiError('9007', { status: 409, values, developer, location })
}
