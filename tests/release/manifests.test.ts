import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { root } from '@/scripts/processes'

type Manifest = { apiVersion: string; kind: string; metadata: { name: string } }

// The schemas of Kubernetes, as far as npm has them.
const schemas = 'kubernetes-models@4.5.1'
const directory = mkdtempSync(join(tmpdir(), 'concord-schemas-'))

beforeAll(() => {
  execFileSync('npm', ['install', '--silent', '--no-save', '--prefix', directory, schemas])
})

afterAll(() => rmSync(directory, { recursive: true }))

const folders = ['base', 'migration'].map((name) => join(root, 'deploy/kubernetes', name))
const manifests = folders
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((file) => file.endsWith('.yaml') && !file.endsWith('kustomization.yaml'))
  .flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')).map((one): Manifest => one.toJS()))

/** @throws with the path of what the schema refuses */
function validate(manifest: Manifest): void {
  const models = createRequire(join(directory, 'index.js'))(`kubernetes-models/${manifest.apiVersion}/${manifest.kind}`)
  new models[manifest.kind](manifest).validate()
}

test('each Kubernetes manifest fits the schema of its kind', () => {
  expect(manifests.length).toBeGreaterThanOrEqual(10)
  for (const manifest of manifests) expect(() => validate(manifest), manifest.metadata.name).not.toThrow()
  const portal = manifests.find(({ kind }) => kind === 'Deployment') as Manifest
  expect(() => validate({ ...portal, spec: { replicas: 'three' } } as Manifest)).toThrow('replicas')
})
