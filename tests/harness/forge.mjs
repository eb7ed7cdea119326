// What only the daemon's own secret can sign, made by a test that reads that secret: tokens and grants
// whose signature is good and whose time is over. Keys and layout as core/base/token.cpp and
// core/playback/grant.cpp have them; re-signing what the daemon signed gives back the same text.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const mac = (key, data) => createHmac('sha256', key).update(data).digest();
const grantMac = 16;
const grantExpiry = 42;

export class Forge {
  constructor(daemon) {
    this.secret = readFileSync(join(daemon.dataDir, 'secret'), 'utf8').trim();
  }
  key(label) {
    return mac(this.secret, label);
  }
  /// `token` with other claims, signed anew; kind is "access" or "play".
  token(token, kind, claims = {}) {
    const [header, payload] = token.split('.');
    const merged = { ...JSON.parse(Buffer.from(payload, 'base64url')), ...claims };
    const body = `${header}.${Buffer.from(JSON.stringify(merged)).toString('base64url')}`;
    return `${body}.${mac(this.key(`reeld ${kind} token key 1`), body).toString('base64url')}`;
  }
  /// `grant` with another expiry (epoch milliseconds), signed anew.
  grant(grant, expires) {
    const bytes = Buffer.from(grant, 'base64url');
    if (expires !== undefined) bytes.writeBigInt64BE(BigInt(expires), grantExpiry);
    const signed = bytes.subarray(0, bytes.length - grantMac);
    mac(this.key('reeld grant 1'), signed).copy(bytes, signed.length, 0, grantMac);
    return bytes.toString('base64url');
  }
}
