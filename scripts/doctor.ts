import { existsSync } from 'node:fs'
import { parseEnv } from '@/lib/config/env'
import { describeFault } from '@/lib/config/fault'
import { describeDatabaseFault } from '@/lib/database/fault'
import { examineDoubts } from '@/scripts/doctor-configuration'
import { examineConnections } from '@/scripts/doctor-connections'
import { examineDatabase } from '@/scripts/doctor-database'
import { type Finding, formatFindings } from '@/scripts/doctor-findings'
import { examineMail } from '@/scripts/doctor-mail'
import { examineOrcid } from '@/scripts/doctor-orcid'

const credentials = {
  member: 'Member API credentials',
  public: 'Public API credentials: nothing but the iD can be asked for, and nothing written',
}

// `npm run doctor`: what a deployment lacks, as a table. It changes nothing. Ends with 1 where something is wrong.
if (existsSync('.env')) process.loadEnvFile('.env')
const findings = await examine()
console.log(formatFindings(findings))
process.exit(findings.some(({ state }) => state === 'wrong') ? 1 : 0)

async function examine(): Promise<Finding[]> {
  const parsed = parseEnv()
  if ('faults' in parsed) {
    const wrong = parsed.faults.map(
      (fault): Finding => ({ what: fault.variable, state: 'wrong', finding: describeFault(fault) }),
    )
    return [...wrong, ...examineDoubts()]
  }
  const { env } = parsed
  const { registry, issuer, api, apiUrl, clientId, scopes, redirectUri } = env.orcid
  return [
    { what: 'configuration', state: 'good', finding: `complete, for the ${registry} registry at ${issuer}` },
    ...examineDoubts(),
    ...(await attempt('database', () => examineDatabase(env))),
    ...(await attempt('connection', () => examineConnections(env))),
    ...(await attempt('registry', () => examineOrcid(env))),
    ...(await attempt('mail', () => examineMail(env))),
    { what: 'redirect URI', state: 'note', finding: `ORCID must have exactly this for ${clientId}: ${redirectUri}` },
    { what: 'asks for', state: 'note', finding: `${scopes.join(' ')} (${credentials[api]}, at ${apiUrl})` },
  ]
}

/** Whatever is answered, the table is complete. */
function attempt(what: string, examining: () => Promise<Finding[]>): Promise<Finding[]> {
  return examining().catch((error) => [{ what, state: 'wrong', finding: describeDatabaseFault(error).sentence }])
}
