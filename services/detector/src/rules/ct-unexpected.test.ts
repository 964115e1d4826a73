import { expect, test } from '@jest/globals'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import type { SeenCertificate } from '@tocsin/domain/certificates/certificates.read'
import { judgeCertificates } from './ct-unexpected.ts'
import { now, short } from './fixtures.ts'

const ago = (days: number): Date => new Date(now.getTime() - days * 86_400_000)
let serial = 0
const certificate = (over: Partial<SeenCertificate>): SeenCertificate => {
  serial += 1
  return {
    serial: `04${serial}`,
    issuer: 'Acme',
    names: ['shop.test', 'www.shop.test'],
    notBefore: ago(100),
    seenAt: ago(60),
    ...over,
  }
}
const judge = (certificates: SeenCertificate[], waiting: string[] = []) =>
  judgeCertificates('shop.test', certificates, waiting, defaultConfigs['ct.unexpected'], now)

test.each<[string, SeenCertificate[], string[], string[]]>([
  ['the usual', [certificate({}), certificate({ notBefore: ago(2) })], [], []],
  ['a new issuer', [certificate({}), certificate({ issuer: 'Other', notBefore: ago(2) })], [], ['bad medium Other:shop.test']],
  [
    'a new name',
    [certificate({}), certificate({ names: ['vpn.shop.test'], notBefore: ago(2) })],
    [],
    ['bad medium Acme:vpn.shop.test'],
  ],
  [
    'a name that a wildcard stands for',
    [certificate({ names: ['*.shop.test'] }), certificate({ names: ['vpn.shop.test'], notBefore: ago(2) })],
    [],
    [],
  ],
  [
    'while it learns',
    [certificate({ seenAt: ago(10) }), certificate({ issuer: 'Other', notBefore: ago(2), seenAt: ago(2) })],
    [],
    [],
  ],
  [
    'usual by now',
    [certificate({}), certificate({ issuer: 'Other', notBefore: ago(40) })],
    ['Other:shop.test'],
    ['ok Other:shop.test'],
  ],
  ['nothing known', [], ['Other:shop.test'], ['unknown Other:shop.test']],
])('%s', (_name, certificates, waiting, expected) =>
  expect(judge(certificates, waiting).map((each) => `${short(each)} ${each.subject}`)).toEqual(expected),
)
