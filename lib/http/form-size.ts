import limits from '@/lib/http/body-limits.json'

type Upload = { bytesMax: number; tooLarge: string }

/** The limit of a path that takes a file or long texts; undefined for every other path. */
export const findUpload = (path: string): Upload | undefined => (limits.uploads as Record<string, Upload>)[path]

/** Our largest form, the permissions, has fewer than a hundred fields, and one with a file has one. */
const fieldsMax = 1_000
const partsMax = 100
const partHeadBytesMax = 4_096

const multipart = /^multipart\/form-data; ?boundary=("?)([\w'()+,./:=?-]{1,70})\1$/i

/** Parsing thousands of fields blocks the process for seconds. Also true if the boundary of the parts cannot be read. */
export function hasTooManyFields(body: Uint8Array, contentType: string): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const boundary = multipart.exec(contentType.trim())?.[2]
  if (boundary) return hasTooManyParts(bytes, `--${boundary}`)
  if (/^\s*multipart\//i.test(contentType)) return true
  let fields = 1
  for (let at = bytes.indexOf('&'); at !== -1; at = bytes.indexOf('&', at + 1)) if (++fields > fieldsMax) return true
  return false
}

function hasTooManyParts(bytes: Buffer, boundary: string): boolean {
  let parts = 0
  for (let at = bytes.indexOf(boundary); at !== -1; at = bytes.indexOf(boundary, at + boundary.length)) {
    const head = bytes.subarray(at, at + partHeadBytesMax)
    const isLast = head.subarray(boundary.length, boundary.length + 2).equals(Buffer.from('--'))
    if (++parts > partsMax || (!isLast && !head.includes('\r\n\r\n'))) return true
  }
  return false
}
