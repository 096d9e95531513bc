type Whose = { affiliation?: string; person?: string; orcid?: string }

/** The page of the form for an entry: of the one that is edited, or of the person who gets a new one. */
export function entryHref({ affiliation, person, orcid = '' }: Whose): string {
  if (affiliation) return `/staff/affiliations/${affiliation}/edit`
  return person ? `/staff/people/${person}/affiliation` : `/staff/researchers/${encodeURIComponent(orcid)}/affiliation`
}
