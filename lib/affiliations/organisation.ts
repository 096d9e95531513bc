import 'server-only'
import type { Organisation } from '@/lib/affiliations/body'
import { env } from '@/lib/config/env'

/** The variables without which nothing is written; empty when all is there. */
export function listMissingSettings(): string[] {
  const { institution, orcid } = env()
  const needed = {
    INSTITUTION_ROR: institution.ror,
    INSTITUTION_CITY: institution.city,
    INSTITUTION_COUNTRY: institution.country,
    ORCID_API: orcid.api === 'member' || undefined,
  }
  return Object.entries(needed).flatMap(([variable, value]) => (value === undefined ? [variable] : []))
}

/** The institution as ORCID is told of it; null while the configuration does not say enough. */
export function findOrganisation(): Organisation | null {
  const { name, ror, city, region, country } = env().institution
  if (listMissingSettings().length > 0 || !ror || !city || !country) return null
  return { name, ror, city, region: region ?? null, country }
}
