import 'server-only'
import { hashSecret } from '@/lib/crypto/secrets'
import { db, inTransaction } from '@/lib/db'
import { keyRing } from '@/lib/installation/commands'
import { trialAad } from '@/lib/trials/queries'
import { addStep } from '@/lib/trials/steps'
import { type Arrival, masked } from '@/lib/trials/trace'
import { trialStepsMax } from '@/lib/trials/trial'

type FoundTrial = { id: string; staffId: string; attemptId: string; reference: string }

/** The trial whose `state` came back, or null. */
export async function findTrialByState(state: string): Promise<FoundTrial | null> {
  const found = await db().authorizationAttempt.findUnique({
    where: { stateHash: hashSecret(state) },
    select: { id: true, reference: true, trial: { select: { id: true, staffId: true } } },
  })
  return found?.trial ? { ...found.trial, attemptId: found.id, reference: found.reference } : null
}

/**
 * Saves a callback for the trial's page. `isHere`: it came in the browser that started the trial. Only then the code is
 * saved, sealed; elsewhere it may belong to somebody else, and nobody uses it.
 */
export async function receiveTrialCallback(trial: FoundTrial, isHere: boolean, url: URL): Promise<void> {
  const { pathname, searchParams } = url
  const code = isHere ? searchParams.get('code') : null
  await inTransaction(async (tx) => {
    if ((await tx.trialStep.count({ where: { trialId: trial.id } })) >= trialStepsMax) return
    await addStep(tx, trial.id, 'callback', { path: pathname, parameters: maskParameters(searchParams), isHere })
    if (!code) return
    await tx.trial.updateMany({
      where: { id: trial.id, endedAt: null, sealedAccessToken: null, attempt: { state: 'started' } },
      data: { sealedCode: keyRing().seal(code.slice(0, codeCharsMax), trialAad(trial.id, 'sealed_code')) },
    })
  })
}

const codeCharsMax = 2_048
const valueCharsMax = 500

/** Masks the parameters that allow continuing the flow. */
function maskParameters(parameters: URLSearchParams): Arrival['parameters'] {
  return [...parameters].slice(0, parametersMax).map(([name, value]) => {
    const isSecret = name === 'code' || name === 'state'
    return [name.slice(0, valueCharsMax), isSecret ? masked : value.slice(0, valueCharsMax)]
  })
}

const parametersMax = 30
