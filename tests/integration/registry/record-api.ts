import { control, MEMBER, type Trial } from './trial'
import { postForm, type TokenAnswer } from './visitor'

export const CARBERRY = '0000-0002-1825-0097'
export const HANAKO_LIMITED = '0000-0099-8145-4211'

export type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> }

/** All that is at a path such as `group.*.work-summary.0.title`, where `*` means everything in a list or an object. */
export function dig(value: unknown, path: string): unknown[] {
  const [first = '', ...rest] = path.split('.')
  if (typeof value !== 'object' || value === null) return []
  const children =
    first === '*' ? Object.values(value) : Object.entries(value).flatMap(([key, one]) => (key === first ? [one] : []))
  return rest.length === 0 ? children : children.flatMap((child) => dig(child, rest.join('.')))
}

type Request = { method?: string; body?: unknown; headers?: Record<string, string>; api?: '/v3.0' | '/pub/v3.0' }

/** A request to the record API, in JSON unless the headers say otherwise. */
export async function callApi(
  trial: Pick<Trial, 'url'>,
  token: string | null,
  path: string,
  { method = 'GET', body, headers = { Accept: 'application/json' }, api = '/v3.0' }: Request = {},
): Promise<Answer> {
  const response = await fetch(`${trial.url}${api}/${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('Content-Type') ?? '')
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} }
}

export async function getOwnToken(trial: Trial, scope = '/read-public', clientId = MEMBER.id): Promise<string> {
  const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: MEMBER.secret, scope }
  const answer = (await (await postForm(trial, '/oauth/token', fields)).json()) as TokenAnswer
  return answer.access_token
}

/** An employment that ORCID would take. */
export function employment(changed: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    'department-name': 'Department of Trials',
    'role-title': 'Lecturer',
    'start-date': { year: { value: '2020' }, month: { value: '02' }, day: { value: '29' } },
    'end-date': null,
    organization: {
      name: 'University of Example',
      address: { city: 'Exampleton', region: null, country: 'GB' },
      'disambiguated-organization': {
        'disambiguated-organization-identifier': 'https://ror.org/0zz0ex106',
        'disambiguation-source': 'ROR',
      },
    },
    url: { value: 'https://example.org/people/7' },
    'external-ids': { 'external-id': [externalId('staff-7')] },
    ...changed,
  }
}

export function externalId(value: string, relationship = 'self') {
  return {
    'external-id-type': 'source-work-id',
    'external-id-value': value,
    'external-id-url': { value: `https://example.org/${value}` },
    'external-id-relationship': relationship,
  }
}

export async function readItems(trial: Trial, orcid: string) {
  return (await (await control(trial, 'GET', `records/${orcid}`)).json()).items as {
    putCode: number
    section: string
  }[]
}
