import 'server-only'
import type { Organisation } from '@/lib/affiliations/body'
import { env } from '@/lib/config/env'

/** Variables that writing needs and that are not set. */
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

/** Null while the configuration lacks a setting of `listMissingSettings`. */
export function findOrganisation(): Organisation | null {
  const { name, ror, city, region, country } = env().institution
  if (listMissingSettings().length > 0 || !ror || !city || !country) return null
  return { name, ror, city, region: region ?? null, country }
}
