import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { system } from '@/lib/actor'
import { countToday, listPlan, type PlannedStep, planDays } from '@/lib/affiliations/leaver-plan'
import { toDay } from '@/lib/config/day'
import { env, parseEnv } from '@/lib/config/env'
import { formatFaults } from '@/lib/config/fault'
import { closePool } from '@/lib/db'
import { findHold } from '@/lib/installation/restore-detection'
import { findIdByLocalId, takeAbout } from '@/lib/people/about'
import { type ObjectionReason, objectionReasons } from '@/lib/people/objections'
import { PeopleError } from '@/lib/people/person'
import { strikeOff } from '@/lib/retention/erasing'
import { fail } from '@/scripts/failure'

const usage = `Usage: npm run people -- leavers
       npm run people -- about NUMBER
       npm run people -- erase NUMBER [--reason ${objectionReasons.join('|')}]
  leavers  what is to be done for people who leave, until ${planDays} days from now; changes nothing
  about    everything that is held about the person with this number, as JSON
  erase    erases somebody who never connected; the next roster does not bring them back`

const planMax = 100_000
const words: Record<PlannedStep['what'], string> = {
  end: 'last day over',
  write: 'being written',
  revoke: 'pause over: revoked',
  erase: 'erased',
}

const heldMessage = 'Nothing was erased: this database was restored and is held. Release it first (docs/backups.md).'

if (existsSync('.env')) process.loadEnvFile('.env')
const parsed = parseEnv()
if ('faults' in parsed) {
  console.error(formatFaults(parsed.faults))
  process.exit(1)
}

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { reason: { type: 'string' } } })
  const [command, number] = positionals
  if (command === 'leavers' && positionals.length === 1) await printLeavers()
  else if (command === 'about' && number && positionals.length === 2) await printAbout(number)
  else if (command === 'erase' && number && positionals.length === 2) await erase(number, values.reason)
  else throw new Error(usage)
} catch (error) {
  fail(error)
} finally {
  await closePool()
}

async function printLeavers(): Promise<void> {
  const { steps, pauseDays, keepMonths } = env().leavers
  const plan = await listPlan(system, planMax)
  const { affected, active, isHeld } = await countToday(toDay(new Date()), { onlyListed: true })
  console.log(`LEAVERS=${steps.join(',') || 'none'}: paused for ${pauseDays} days, kept for ${keepMonths} months`)
  for (const { on, what, localId, name, items, hasPermission } of plan) {
    const onRecord = items > 0 ? `, ${items} on the record` : ''
    const detail = what === 'erase' ? '' : `${hasPermission ? ', with a permission' : ''}${onRecord}`
    console.log(`${on}  ${words[what].padEnd(20)}${(localId ?? '-').padEnd(14)} ${name ?? '-'}${detail}`)
  }
  console.log(
    plan.length === 0 ? `Nobody until ${planDays} days from now.` : `${plan.length} until ${planDays} days from now.`,
  )
  console.log(`Today: ${affected} of ${active} people.`)
  if (isHeld) console.log('That is more than 5 %: an administrator has to say yes at /staff/leavers.')
}

async function printAbout(number: string): Promise<void> {
  const id = await findIdByLocalId(system, number)
  const about = id && (await takeAbout(system, id))
  if (!about) throw new Error(`Nobody has the number ${number}`)
  console.log(JSON.stringify(about, null, 2))
}

async function erase(number: string, given = 'asked'): Promise<void> {
  const reason = objectionReasons.find((known): known is ObjectionReason => known === given)
  if (!reason) throw new Error(usage)
  if (await findHold()) throw new Error(heldMessage)
  const id = await findIdByLocalId(system, number)
  if (!id) throw new Error(`Nobody has the number ${number}`)
  try {
    await strikeOff(system, id, { reason })
  } catch (error) {
    if (!(error instanceof PeopleError)) throw error
    throw new Error('This person has an iD. An administrator erases them on the page of the iD.')
  }
  console.log('Erased. A hash of the number keeps the next roster from bringing them back.')
}
