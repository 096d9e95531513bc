import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Check = { what: string; state: 'good' | 'wrong' | 'not checked'; findings: string[] }

type Locked = { dev?: boolean; devOptional?: boolean; optional?: boolean; hasInstallScript?: boolean; link?: boolean }

/** Licences under which a package may be shipped: they ask for their notice to be kept, and for nothing else of ours. */
const allowedLicences = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
])

/** Packages under another licence, or none that a program can read, which were looked at: by the start of their names. */
const allowedPackages: Record<string, string> = {
  '@img/sharp-libvips-': 'LGPL-3.0: a library that is loaded as it is, next to sharp, and can be replaced by another',
  lightningcss: 'MPL-2.0: used as it is, to build style sheets',
  elkjs: 'EPL-2.0: used as it is, by a part of Prisma that is not run here',
  'seq-queue': 'MIT, by its LICENSE file: package.json does not say so',
}

const isAllowedByName = (name: string) => Object.keys(allowedPackages).some((start) => name.startsWith(start))

/** Asks the registry for known weaknesses of what is shipped. A registry that does not answer this is said to be so. */
export function auditPackages(root: string): Check {
  const what = 'known weaknesses (npm audit --omit=dev)'
  const report = parseReport(runNpm(root, ['audit', '--omit=dev', '--json']).stdout)
  if (!report?.vulnerabilities) {
    return { what, state: 'not checked', findings: [`the registry refuses: ${report?.message ?? 'no answer'}`] }
  }
  const findings = Object.values(report.vulnerabilities).map(
    ({ name, severity, range }) => `${name} ${range}: ${severity}`,
  )
  return { what, state: findings.length === 0 ? 'good' : 'wrong', findings }
}

type AuditReport = {
  message?: string
  vulnerabilities?: Record<string, { name: string; severity: string; range: string }>
}

function parseReport(text: string): AuditReport | null {
  try {
    const report = JSON.parse(text) as AuditReport & { error?: { summary?: string } }
    return { ...report, message: report.message ?? report.error?.summary }
  } catch {
    return null
  }
}

/** Whether every package that is shipped has a licence of the list above, by its own package.json. */
export function checkLicences(root: string): Check {
  const shipped = listLocked(root).filter(([, { dev, link }]) => !dev && !link)
  const findings: string[] = []
  let count = 0
  for (const [path] of shipped) {
    const file = join(root, path, 'package.json')
    // Packages for other systems are locked and not installed.
    if (!existsSync(file)) continue
    count++
    const { name, version, license, licenses } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    const licence = toLicence(license ?? licenses)
    if (!isAllowed(licence) && !isAllowedByName(String(name)))
      findings.push(`${name} ${version}: ${licence || 'none named'}`)
  }
  if (findings.length > 0) return { what: 'licences', state: 'wrong', findings }
  return { what: 'licences', state: 'good', findings: [`${count} packages, each under one of the allowed licences`] }
}

function toLicence(field: unknown): string {
  if (typeof field === 'string') return field
  if (Array.isArray(field)) return field.map(toLicence).join(' OR ')
  return typeof field === 'object' && field !== null && 'type' in field ? String(field.type) : ''
}

/** An expression of SPDX (https://spdx.github.io/spdx-spec/): one of those joined by OR is enough, AND needs all. */
export function isAllowed(expression: string): boolean {
  const plain = expression.replace(/[()]/g, ' ').trim()
  if (plain === '') return false
  return plain
    .split(/\s+OR\s+/i)
    .some((choice) => choice.split(/\s+AND\s+/i).every((name) => allowedLicences.has(name.trim())))
}

/**
 * No package runs a script while it is installed (`.npmrc`), and one that would like to is named in package.json's
 * `allowScripts`, whether with true or with false: a new one is looked at before it comes in.
 */
export function checkInstallScripts(root: string): Check {
  const what = 'install scripts'
  const npmrc = readFileSync(join(root, '.npmrc'), 'utf8')
  const { allowScripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    allowScripts?: Record<string, boolean>
  }
  const wanting = listLocked(root).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.split('node_modules/').at(-1) ?? path] : [],
  )
  const unnamed = [...new Set(wanting)].filter((name) => !(name in allowScripts))
  const findings = unnamed.map((name) => `${name} has one and is not named in allowScripts of package.json`)
  if (!/^ignore-scripts=true$/m.test(npmrc)) findings.push('.npmrc does not say ignore-scripts=true')
  if (findings.length > 0) return { what, state: 'wrong', findings }
  return {
    what,
    state: 'good',
    findings: [`none is run; ${wanting.length} packages have one, all named in package.json`],
  }
}

/** The bill of materials of what is shipped, in CycloneDX (https://cyclonedx.org/specification/overview/). */
export function makeBillOfMaterials(root: string): { text: string; count: number } | { reason: string } {
  const { stdout, stderr } = runNpm(root, ['sbom', '--omit=dev', '--sbom-format=cyclonedx', '--package-lock-only'])
  try {
    const { components } = JSON.parse(stdout) as { components: unknown[] }
    return { text: stdout, count: components.length }
  } catch {
    return { reason: `npm sbom failed: ${stderr.trim().split('\n')[0] ?? ''}` }
  }
}

function listLocked(root: string): [string, Locked][] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
  return Object.entries(lock.packages).filter(([path]) => path !== '')
}

function runNpm(root: string, args: string[]) {
  const cli = process.env.npm_execpath
  const [command, first] = cli?.endsWith('npm-cli.js') ? [process.execPath, [cli]] : ['npm', []]
  return spawnSync(command, [...first, ...args], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28, timeout: 120_000 })
}
