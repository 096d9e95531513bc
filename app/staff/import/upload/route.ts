import { requireMemberStaff, requireStaff } from '@/lib/auth/gates'
import { uploadRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { importKinds } from '@/lib/imports/columns'
import { uploadImport } from '@/lib/imports/commands'
import { fileBytesMax } from '@/lib/imports/read'

const form = {
  bytesMax: fileBytesMax,
  tooLarge: '/staff/import?note=too-large',
  incomplete: '/staff/import?note=incomplete',
}

/** Takes a file of people, of affiliations or of works; a job reads it. A complete one is for administrators. */
export const POST = uploadRoute(form, async ({ bytes, name, fields }, { requestId }) => {
  const kind = importKinds.find((one) => one === fields.kind) ?? 'people'
  const complete = fields.complete === 'yes' && kind !== 'works'
  const gate = kind === 'people' ? requireStaff : requireMemberStaff
  const actor = await gate(complete ? 'replaceRoster' : 'importPeople')
  if (name === '' && bytes.length === 0) return seeOther(`/staff/import?note=no-file&kind=${kind}`)
  const id = await uploadImport(actor, { kind, fileName: name, bytes, complete, requestId })
  return seeOther(`/staff/import/${id}`)
})
