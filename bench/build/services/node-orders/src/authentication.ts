import type { RequestHandler } from 'express';
import jwt from 'jsonwebtoken';

/** Lets in who has a token that was signed with the secret; everybody, without a secret. */
export function authentication(secret?: string): RequestHandler {
  return (request, response, next) => {
    if (secret === undefined) return next();
    try {
      jwt.verify(request.headers.authorization?.replace('Bearer ', '') ?? '', secret);
      next();
    } catch {
      response.status(401).json({ error: 'no valid token' });
    }
  };
}
