import { seeOther } from '@/lib/http/see-other'
import { ImportError } from '@/lib/imports/import'

/** Leads back to the import, and says there why a step was refused. */
export async function afterStep(id: string, step: Promise<unknown>): Promise<Response> {
  try {
    await step
    return seeOther(`/staff/import/${id}`)
  } catch (error) {
    if (error instanceof ImportError) return seeOther(`/staff/import/${id}?refused=${error.fault}`)
    throw error
  }
}
