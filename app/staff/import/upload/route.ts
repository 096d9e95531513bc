import { requireStaff } from '@/lib/auth/gates'
import { uploadRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { uploadImport } from '@/lib/imports/commands'
import { fileBytesMax } from '@/lib/imports/read'

const form = {
  bytesMax: fileBytesMax,
  tooLarge: '/staff/import?note=too-large',
  incomplete: '/staff/import?note=incomplete',
}

/** Takes a roster; a job reads it. A complete one is for administrators. */
export const POST = uploadRoute(form, async ({ bytes, name, fields }, { requestId }) => {
  const complete = fields.complete === 'yes'
  const actor = await requireStaff(complete ? 'replaceRoster' : 'importPeople')
  if (name === '' && bytes.length === 0) return seeOther('/staff/import?note=no-file')
  const id = await uploadImport(actor, { kind: 'people', fileName: name, bytes, complete, requestId })
  return seeOther(`/staff/import/${id}`)
})
