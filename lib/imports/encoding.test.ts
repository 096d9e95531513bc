import { describe, expect, it } from 'vitest'
import { decideEncoding, decode, type Encoding, exampleLine } from '@/lib/imports/encoding'
import { encodedSamples } from '@/tests/samples/encodings'

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
const utf8 = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'))

describe('the encoding of a file', () => {
  it.each(Object.entries(encodedSamples))('is recognised as %s, and every character comes back', (encoding, sample) => {
    const bytes = bytesOf(sample.bytes)
    expect(decideEncoding(bytes)).toEqual({ encoding, isSure: false })
    expect(decode(bytes, encoding as Encoding)).toBe(sample.text)
    expect(sample.text).toContain(exampleLine(bytes, encoding as Encoding))
  })

  it('is UTF-8 where every byte fits, and with one broken byte among many characters, which is then seen', () => {
    const text = 'name;department\nJürgen Weiß;Élodie Lefèvre, José Núñez Peña, Łukasz Wójcik\n'
    expect(decideEncoding(utf8(text))).toEqual({ encoding: 'utf-8', isSure: true })
    const broken = new Uint8Array([...utf8(text), 0xfc, 0x0a])
    expect(decideEncoding(broken)).toEqual({ encoding: 'utf-8', isSure: false })
    expect(decode(broken, 'utf-8')).toContain('\ufffd')
  })

  it('is UTF-8 for plain ASCII', () => {
    expect(decideEncoding(utf8('name;department\nAda;Maths\n'))).toEqual({ encoding: 'utf-8', isSure: true })
    expect(exampleLine(utf8('name;department\n'), 'utf-8')).toBeNull()
  })

  it('is what the byte order mark says, which is not part of the text', () => {
    expect(decideEncoding(utf8('\ufeffname'))).toEqual({ encoding: 'utf-8', isSure: true })
    expect(decode(utf8('\ufeffname'), 'utf-8')).toBe('name')
    const wide = new Uint8Array([0xff, 0xfe, 0x41, 0x00, 0xfc, 0x00])
    expect(decideEncoding(wide)).toEqual({ encoding: 'utf-16le', isSure: true })
    expect(decode(wide, 'utf-16le')).toBe('Aü')
  })

  it('is UTF-16 without a mark where every other byte is zero', () => {
    const wide = new Uint8Array(Buffer.from('name,department\r\nAda,Maths\r\n', 'utf16le'))
    expect(decideEncoding(wide)).toEqual({ encoding: 'utf-16le', isSure: false })
  })
})
