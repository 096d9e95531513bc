/** A page's search parameters, as a route handler or as a page gets them. */
export type SearchParams = URLSearchParams | Record<string, string | string[] | undefined>

/** Values as given; a form sends the empty string for what was left out, and spaces around a pasted iD mean nothing. */
export function readAll(searchParams: SearchParams, name: string): string[] {
  const values = searchParams instanceof URLSearchParams ? searchParams.getAll(name) : [searchParams[name] ?? []].flat()
  return values.map((value) => value.trim()).filter(Boolean)
}

/** The first of the values; null where there is none. */
export const readOne = (searchParams: SearchParams, name: string): string | null =>
  readAll(searchParams, name)[0] ?? null

/** The pattern for LIKE that finds a text anywhere. People paste the whole URI of an iD; its digits are searched for. */
export function toLikePattern(text: string): string {
  const withoutHost = text.replace(/^(https?:\/\/)?(sandbox\.)?orcid\.org\//i, '')
  return `%${withoutHost.replace(/[\\%_]/g, '\\$&')}%`
}
