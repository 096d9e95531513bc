import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv as parseFile } from 'node:util'
import { expect, test } from 'vitest'
import { variables } from '@/lib/config/env-variables'

const root = resolve(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const names = Object.keys(variables.shape)
const example = read('.env.example')

test('.env.example has every variable that the portal reads', () => {
  const inExample = Object.keys(parseFile(example))
  expect(names.filter((name) => !inExample.includes(name))).toEqual([])
})

test('.env.example names a file for every variable that holds a secret', () => {
  const secrets = names.filter((name) =>
    /SECRET|TOKEN|RETIRED|DATABASE_URL|SMTP_URL|BOUNCE_URL|^ORCID_CLIENT_SECRET/.test(name),
  )
  expect(secrets.filter((name) => !example.includes(`# ${name}_FILE=/`))).toEqual([])
})

test('docs/configuration.md has every variable that the portal reads', () => {
  const document = read('docs/configuration.md')
  expect(names.filter((name) => !document.includes(`\`${name}\``))).toEqual([])
})
