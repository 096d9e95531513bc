import 'server-only'
import { cache } from 'react'
import { dropKeptForm, findKeptForm } from '@/lib/attempts/return-point'
import { findSignedIn } from '@/lib/auth/session'

export type KeptFields = Record<string, string | string[]>

const findMyKeptForm = cache(async () => {
  const signedIn = await findSignedIn()
  const form = signedIn && (await findKeptForm(signedIn.attemptId))
  return signedIn && form ? { form, attemptId: signedIn.attemptId } : null
})

/** Returns once the input of the form with this `action` from before the sign-in. Its fields must match `about`. */
export async function takeKeptFields(action: string, about: Record<string, string> = {}): Promise<KeptFields | null> {
  const kept = await findMyKeptForm()
  if (kept?.form.action !== action) return null
  const { fields } = kept.form
  if (Object.entries(about).some(([name, value]) => fields[name] !== value)) return null
  return (await dropKeptForm(kept.attemptId)) ? fields : null
}

/** Returns a field with one value. */
export function readKept(fields: KeptFields | null, name: string): string | undefined {
  const value = fields?.[name]
  return typeof value === 'string' ? value : undefined
}
