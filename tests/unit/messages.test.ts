import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fatalWords } from '@/app/_components/fatal-words'
import { findKeys } from '@/tests/support/message-keys'

const root = resolve(import.meta.dirname, '..', '..')

/** What a variable can be in a key that is nothing but this variable, by file. `*` stands for any part. */
const variables: Record<string, string[]> = {
  'app/_components/state.tsx': ['pieces.state.*'],
  'app/_components/fatal-words.ts': ['fatal.*'],
  'app/connect/[outcome]/page.tsx': ['outcome.denied.*', 'outcome.already-used.me', 'outcome.retry', 'outcome.start'],
  'app/me/_components/timeline.tsx': ['events.*.*'],
  'app/staff/_components/staff-event.tsx': ['staff.events.*.*'],
  'app/staff/researchers/_components/permission-marks.tsx': ['staff.marks.*'],
  'lib/texts/text.ts': ['ask.reasons.*'],
}

const found = listSources().map((file) => findKeys(join(root, file)))
const declared = Object.values(variables).flat()
const used = [...found.flatMap((file) => file.used), ...declared.map((key) => ({ file: 'this test', key }))]
const messages = new Map(readdirSync(join(root, 'messages')).map((name) => [name, listKeys(readMessages(name))]))
const english = messages.get('en.json') ?? []

describe('messages', () => {
  it('has English words for every key that the code asks for', () => {
    const missing = used.filter(({ key }) => !english.some((one) => toPattern(key).test(one)))
    expect(missing).toEqual([])
  })

  it('has no words that no code asks for', () => {
    const patterns = [...new Set(used.map(({ key }) => key))].map(toPattern)
    expect(english.filter((key) => !patterns.some((pattern) => pattern.test(key)))).toEqual([])
  })

  it('knows what every key that is a variable can be', () => {
    const undeclared = found
      .flatMap(({ unknown }) => unknown)
      .filter(({ file }) => !(relative(root, file) in variables))
    expect(undeclared).toEqual([])
  })

  it('repeats the words of the last page as they stand in English', () => {
    expect(readMessages('en.json')).toMatchObject({ fatal: fatalWords })
  })

  it.each([...messages.keys()])('says the same things in %s as in English', (name) => {
    expect(messages.get(name)?.toSorted()).toEqual(english.toSorted())
  })
})

function listSources(): string[] {
  return ['app', 'lib'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.') && !name.startsWith('generated'))
      .map((name) => join(folder, name)),
  )
}

function readMessages(name: string): unknown {
  return JSON.parse(readFileSync(join(root, 'messages', name), 'utf8'))
}

function listKeys(value: unknown, path: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [path.join('.')]
  return Object.entries(value).flatMap(([key, inner]) => listKeys(inner, [...path, key]))
}

function toPattern(key: string): RegExp {
  const parts = key.split('*').map((part) => part.replaceAll('.', '\\.'))
  return new RegExp(`^${parts.join('[^.]+')}$`)
}
