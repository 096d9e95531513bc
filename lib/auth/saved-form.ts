import 'server-only'
import { cache } from 'react'
import { dropSavedForm, findSavedForm } from '@/lib/attempts/return-point'
import { requireVisit } from '@/lib/auth/gates'
import { findSignedIn } from '@/lib/auth/session'

export type SavedFields = Record<string, string | string[]>

const findMyKeptForm = cache(async () => {
  const signedIn = await findSignedIn()
  const form = signedIn && (await findSavedForm(signedIn.attemptId))
  return signedIn && form ? { form, attemptId: signedIn.attemptId } : null
})

/** Returns once the input of the form with this `action` from before the sign-in. Its fields must match `about`. */
export async function takeSavedFields(action: string, about: Record<string, string> = {}): Promise<SavedFields | null> {
  await requireVisit()
  const kept = await findMyKeptForm()
  if (kept?.form.action !== action) return null
  const { fields } = kept.form
  if (Object.entries(about).some(([name, value]) => fields[name] !== value)) return null
  return (await dropSavedForm(kept.attemptId)) ? fields : null
}

/** Returns a field with one value. */
export function readSavedForm(fields: SavedFields | null, name: string): string | undefined {
  const value = fields?.[name]
  return typeof value === 'string' ? value : undefined
}
