import { z } from 'zod'
import { encodeCursor } from '@/lib/list/pagination'

/** From a route handler or a page. */
export type SearchParams = URLSearchParams | Record<string, string | string[] | undefined>

// PostgreSQL refuses NUL; other control characters and lone surrogates are never useful.
export const searchedWords = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u)

/** Forms send empty strings; pasted iDs have spaces around them, and pasted cells tabs between them. */
export function readAll(searchParams: SearchParams, name: string): string[] {
  const values = searchParams instanceof URLSearchParams ? searchParams.getAll(name) : [searchParams[name] ?? []].flat()
  return values.map((value) => value.replace(/[\t\r\n]+/g, ' ').trim()).filter(Boolean)
}

/** Returns the first value. */
export const readOne = (searchParams: SearchParams, name: string): string | null =>
  readAll(searchParams, name)[0] ?? null

type Values<Parameters extends Record<string, z.ZodType>> = {
  [name in keyof Parameters]: z.infer<Parameters[name]> | null
}

/** Reads one value per parameter. Invalid values are null, and `notices` names them. */
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

/** Omits empty filters. */
export function toParameters(filters: Record<string, string | object | null>): URLSearchParams {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(filters)) {
    if (value) params.append(name, typeof value === 'string' ? value : encodeCursor(value))
  }
  return params
}

/** Ignores the cursor. */
export const hasFilters = (filters: Record<string, string | object | null>) =>
  toParameters({ ...filters, cursor: null }).size > 0

/** A path with its parameters, if there are any. */
export const toHref = (path: string, params: URLSearchParams) => (params.size > 0 ? `${path}?${params}` : path)

/** Searches for the digits of a pasted iD URI. */
export function toLikePattern(text: string): string {
  const withoutHost = text.replace(/^(https?:\/\/)?(sandbox\.)?orcid\.org\//i, '')
  return `%${withoutHost.replace(/[\\%_]/g, '\\$&')}%`
}
