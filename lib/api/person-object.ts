import 'server-only'
import type { ApiActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { Prisma } from '@/lib/db'
import { orcidUri } from '@/lib/orcid/id'
import { covered } from '@/lib/systems/coverage'

/** SQL on the table `person`: whom a system may see. As `person_with_id_idx` has it. */
export const isSeen = (actor: ApiActor): Prisma.Sql =>
  Prisma.sql`(person.listed and person.researcher_id is not null and ${covered(actor, 'people:read')})`

/** SQL on the table `person`: the JSON of `personSchema`. PostgreSQL writes a page of it faster than we do. */
export const personObject = (): Prisma.Sql => Prisma.sql`json_build_object(
  'id', person.id, 'local_id', person.local_id, 'name', person.name, 'department', person.department,
  'kind', person.kind,
  'orcid', json_build_object(
    'uri', ${orcidUri('', env().orcid.registry)} || person.orcid,
    'path', person.orcid, 'authenticated', true, 'since', iso_time(person.authenticated_at)),
  'permissions', coalesce((
    select json_agg(json_build_object('scope', scope, 'since', iso_time(since), 'until', iso_time(person.expires_at))
      order by scope)
    from unnest(person.live_scopes, person.live_scopes_given_at) as given (scope, since)), '[]'),
  'connected_since', iso_time(person.first_connected_at))`
