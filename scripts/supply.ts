import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@/scripts/processes'
import {
  auditPackages,
  type Check,
  checkInstallScripts,
  checkLicences,
  makeBillOfMaterials,
} from '@/scripts/supply-checks'

// `npm run supply`: what is known about the packages that are shipped. Ends with 1 where something is wrong.
const directory = join(root, '.concord', 'supply')
mkdirSync(directory, { recursive: true })

const checks: Check[] = [auditPackages(root), checkLicences(root), checkInstallScripts(root)]
const bill = makeBillOfMaterials(root)
if ('text' in bill) {
  const file = join(directory, 'sbom.cdx.json')
  writeFileSync(file, bill.text)
  checks.push({ what: 'bill of materials', state: 'good', findings: [`${bill.count} packages, CycloneDX: ${file}`] })
} else checks.push({ what: 'bill of materials', state: 'not checked', findings: [bill.reason] })

for (const { what, state, findings } of checks) {
  console.log(`${state.padEnd(11)}  ${what}`)
  for (const finding of findings) console.log(`${' '.repeat(13)}${finding}`)
}
process.exitCode = checks.some(({ state }) => state === 'wrong') ? 1 : 0
