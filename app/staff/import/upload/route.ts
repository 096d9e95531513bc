import { requireMemberStaff, requireStaff } from '@/lib/auth/gates'
import { uploadRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { uploadImport } from '@/lib/imports/commands'
import { fileBytesMax } from '@/lib/imports/read'

const form = {
  bytesMax: fileBytesMax,
  tooLarge: '/staff/import?note=too-large',
  incomplete: '/staff/import?note=incomplete',
}

/** Takes a file of people or of affiliations; a job reads it. A complete one is for administrators. */
export const POST = uploadRoute(form, async ({ bytes, name, fields }, { requestId }) => {
  const complete = fields.complete === 'yes'
  const kind = fields.kind === 'affiliations' ? 'affiliations' : 'people'
  const gate = kind === 'affiliations' ? requireMemberStaff : requireStaff
  const actor = await gate(complete ? 'replaceRoster' : 'importPeople')
  if (name === '' && bytes.length === 0) return seeOther(`/staff/import?note=no-file&kind=${kind}`)
  const id = await uploadImport(actor, { kind, fileName: name, bytes, complete, requestId })
  return seeOther(`/staff/import/${id}`)
})
