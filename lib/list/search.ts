import type { z } from 'zod'
import { encodeCursor } from '@/lib/list/pagination'

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

type Values<Parameters extends Record<string, z.ZodType>> = {
  [name in keyof Parameters]: z.infer<Parameters[name]> | null
}

/** Reads one value of each parameter. What does not parse counts as absent, and its name is in `notices`. */
export function parseParameters<Parameters extends Record<string, z.ZodType>>(
  searchParams: SearchParams,
  parameters: Parameters,
): { values: Values<Parameters>; notices: (keyof Parameters & string)[] } {
  const notices: string[] = []
  const values = Object.entries(parameters).map(([name, schema]) => {
    const [text, ...others] = readAll(searchParams, name)
    const parsed = text === undefined ? null : schema.safeParse(text)
    if (others.length > 0 || parsed?.success === false) notices.push(name)
    return [name, parsed?.success ? parsed.data : null]
  })
  return { values: Object.fromEntries(values), notices }
}

/** Filters as an address has them, without those that do not filter. */
export function toParameters(filters: Record<string, string | object | null>): URLSearchParams {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(filters)) {
    if (value) params.append(name, typeof value === 'string' ? value : encodeCursor(value))
  }
  return params
}

/** Whether anything narrows a list down. */
export const hasFilters = (filters: Record<string, string | object | null>) =>
  toParameters({ ...filters, cursor: null }).size > 0

export const toHref = (path: string, params: URLSearchParams) => (params.size > 0 ? `${path}?${params}` : path)

/** The pattern for LIKE that finds a text anywhere. People paste the whole URI of an iD; its digits are searched for. */
export function toLikePattern(text: string): string {
  const withoutHost = text.replace(/^(https?:\/\/)?(sandbox\.)?orcid\.org\//i, '')
  return `%${withoutHost.replace(/[\\%_]/g, '\\$&')}%`
}
