import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DnTemplate, escapeDnValue, parseDnTemplate } from '@/lib/exports/dn'
import { makeLdif, toLdifLine } from '@/lib/exports/ldif'
import type { ResearcherTexts } from '@/lib/researchers/walk'

const ada: ResearcherTexts = {
  id: '5c3a3a0e-1f63-4b0e-9f27-0d3a9f5f8a11',
  orcid: '0000-0002-1825-0097',
  registry: 'production',
  name: 'Ada',
  state: 'connected',
  finding: null,
  scopes: 'openid',
  connectedAt: null,
  expiresAt: null,
  withdrawnAt: null,
  lastCheckedAt: null,
  unansweredSince: null,
  primaryOrcid: null,
  department: 'Mathematics, Pure',
  localId: 'ada1',
  conflict: 'f',
  createdAt: '2025-12-31 23:59:59',
}
const nasty = fc.oneof(
  fc.string({
    unit: fc.constantFrom(' ', '#', ',', '+', '"', '\\', '<', '>', ';', '=', '\0', '\n', '\r', ':', 'a', 'é'),
  }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
)

function template(text: string): DnTemplate {
  const parsed = parseDnTemplate(text)
  if (!parsed) throw new Error(`No template: ${text}`)
  return parsed
}

function file(people: ResearcherTexts[], dn = 'uid={local_id},ou=people,dc=example,dc=org'): string {
  const encoder = makeLdif(template(dn))
  return encoder.head + encoder.rows(people.filter(encoder.takes), true) + encoder.tail()
}

/** As RFC 2849 has it read: unfold, drop comments, take records apart, decode. */
function read(ldif: string): string[][] {
  const records = ldif.replaceAll('\n ', '').split('\n\n')
  return records.map((record) =>
    record
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/^([^:]+):: (.*)$/, (_, name, text) => `${name}: ${Buffer.from(text, 'base64')}`)),
  )
}

describe('a file for a directory', () => {
  test('replaces the iD of each person by the whole URI', () => {
    expect(file([ada])).toBe(
      'version: 1\n\ndn: uid=ada1,ou=people,dc=example,dc=org\nchangetype: modify\nreplace: eduPersonOrcid\n' +
        'eduPersonOrcid: https://orcid.org/0000-0002-1825-0097\n-\n',
    )
  })

  test('of nobody is its version alone', () => {
    expect(file([])).toBe('version: 1\n')
  })

  test('leaves out whoever has no authenticated iD or no place in the directory, and counts them', () => {
    const others: Partial<ResearcherTexts>[] = [
      { localId: null },
      { localId: '' },
      { state: 'withdrawn' },
      { state: 'expired', localId: null },
      { finding: 'wrong_record' },
    ]
    const text = file([ada, ...others.map((change) => ({ ...ada, ...change }))])
    expect(text.match(/^dn/gm)).toHaveLength(1)
    expect(text.split('-\n').at(-1)).toBe('\n# Left out, no local_id: 2\n# Left out, iD not authenticated now: 3\n')
  })

  test('is ASCII in lines of at most 76 characters from which every value can be read again', () => {
    fc.assert(
      fc.property(nasty.filter(Boolean), (localId) => {
        const text = file([{ ...ada, localId }], 'uid={local_id}+ou={department},dc=example')
        expect(text).toMatch(/^[\n -~]*$/)
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(76)
        expect(read(text)[1]?.[0]).toBe(`dn: uid=${escapeDnValue(localId)}+ou=Mathematics\\, Pure,dc=example`)
      }),
    )
  })

  test('has values in Base64 that would not be read as they are', () => {
    for (const text of [' a', ':a', '<a', 'a ', 'é', 'a\nb', 'a\0']) expect(toLdifLine('x', text)).toMatch(/^x:: /)
    for (const text of ['', 'a', 'a:<b', '#a']) expect(toLdifLine('x', text)).toBe(`x: ${text}\n`)
  })
})

describe('a name in the directory', () => {
  test('has every value escaped so that it is one value, and the value can be had back', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const escaped = escapeDnValue(text)
        expect(escaped.replace(/\\./g, '')).not.toMatch(/[",+;<=>\\\0\n\r]/)
        expect(escaped).not.toMatch(/^[ #]/)
        expect(escaped).not.toMatch(/(?<!\\) $/)
        const bytes = escaped.replace(/\\([0-9a-f]{2})|\\(.)/g, (_, hex, one) => one ?? `%${hex}`)
        const back = bytes.replace(/(?:%[0-9a-f]{2})+/g, (run) =>
          Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
        )
        if (!text.includes('%')) expect(back).toBe(text)
      }),
    )
  })

  test.each([
    'uid={local_id},ou=people,dc=example,dc=org',
    'cn={name}+employeeNumber={local_id},ou={department},o=Some University',
    '0.9.2342.19200300.100.1.1=x{local_id}y,o=Smith\\, Jones, dc=org',
    'uid={orcid},o=Universität',
  ])('may be %s', (text) => {
    expect(parseDnTemplate(text)).not.toBeNull()
  })

  test.each([
    '',
    'uid=ada,dc=org',
    '{local_id}',
    'uid={localid},dc=org',
    '{name}=x,dc=org',
    'uid={local_id},,dc=org',
    'uid={local_id},ou',
    'uid={local_id},o=a<b',
    'uid={local_id}},dc=org',
    'uid={local_id},dc=org\nchangetype: delete',
    'uid={local_id},dc=org\\',
    `uid={local_id},o=${'x'.repeat(500)}`,
  ])('may not be %j', (text) => {
    expect(parseDnTemplate(text)).toBeNull()
  })
})
