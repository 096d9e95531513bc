import { readFileSync } from 'node:fs'

/** `ratio` is width by height. */
export type Logo = { type: 'image/png' | 'image/svg+xml'; bytes: Buffer; ratio: number }

const bytesMax = 200_000
const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex')

const encoded = /^data:image\/(?:png|svg\+xml);base64,/

/** Returns the logo of a file or of a `data:` URL from the settings page, or what is wrong with it. */
export function readLogo(file: string): Logo | string {
  if (encoded.test(file)) return parseLogo(Buffer.from(file.replace(encoded, ''), 'base64'))
  let bytes: Buffer
  try {
    // Next.js would take every file of the project for one that may be read.
    bytes = readFileSync(/*turbopackIgnore: true*/ file)
  } catch {
    return 'names a file that cannot be read'
  }
  return parseLogo(bytes)
}

/** As the settings page keeps it. */
export const encodeLogo = ({ type, bytes }: Logo): string => `data:${type};base64,${bytes.toString('base64')}`

/** Returns the logo, or what is wrong with it. */
export function parseLogo(bytes: Buffer): Logo | string {
  if (bytes.length > bytesMax) return 'names a file of more than 200 kB'
  return bytes.subarray(0, 8).equals(pngSignature) ? readPng(bytes) : readSvg(bytes)
}

/** https://www.w3.org/TR/png-3/#11IHDR */
function readPng(bytes: Buffer): Logo | string {
  const [width, height] = bytes.length < 24 ? [0, 0] : [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  return width && height ? { type: 'image/png', bytes, ratio: width / height } : 'names a broken PNG'
}

/** Scripts may stay: the image is shown where none run (`app/logo/route.ts`). */
function readSvg(bytes: Buffer): Logo | string {
  const text = bytes
    .toString('utf8')
    .replace(/<!--[\s\S]*?-->/g, '')
    .trim()
  const root = /^(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE[^[>]*(?:\[[^\]]*\]\s*)?>\s*)?(<svg\s[^>]*>)/i.exec(text)?.[1]
  if (!root) return 'names a file that is neither SVG nor PNG'
  const viewBox = /\sviewBox\s*=\s*["']([^"']*)["']/.exec(root)?.[1] ?? ''
  const [, , width = 0, height = 0] = viewBox
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  // Without one, browsers cut the drawing where they should make it smaller.
  return width > 0 && height > 0
    ? { type: 'image/svg+xml', bytes, ratio: width / height }
    : 'names an SVG without a viewBox'
}
