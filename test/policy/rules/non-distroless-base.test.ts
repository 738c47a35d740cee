import { factsFromLayers } from '../../../lib/policy/facts/facts-from-layers';
import { built, layersOf, messagesOf, referred, useWith } from '../samples';

const RULE = 'NonDistrolessBase';

describe(RULE, () => {
  test.each([
    'FROM node:24-slim',
    'FROM alpine',
    'FROM public.ecr.aws/docker/library/python:3.13',
    'FROM mcr.microsoft.com/dotnet/aspnet:10.0',
    'FROM gcr.io/distroless/static AS a\nFROM debian:trixie-slim',
    'ARG BASE=debian\nFROM $BASE',
    'FROM debian AS base\nFROM base',
    'FROM registry.example.com/team/base:1',
    'FROM gcr.io/distroless-evil/static:nonroot',
    'FROM gcr.io/distroless/nodejs:20',
  ])('catches %j', (text) => {
    expect(messagesOf(RULE, useWith(), built(text))).toHaveLength(1);
  });

  test.each([
    'FROM gcr.io/distroless/static-debian13:nonroot',
    'FROM scratch',
    'FROM debian AS build\nFROM scratch\nCOPY --from=build /out/app /app',
    'FROM cgr.dev/chainguard/node',
    'FROM gcr.io/distroless/static:debug',
  ])('catches not %j', (text) => {
    expect(messagesOf(RULE, useWith(), built(text))).toEqual([]);
  });

  test('catches an image that is run as it is', () => {
    expect(messagesOf(RULE, useWith(), referred('nginx:1.29'))).toEqual([
      'the base nginx:1.29 is a server on a full distribution, with a shell',
    ]);
  });

  test('traces the chain from the line that names the base', () => {
    const facts = built('FROM debian AS base\nFROM base AS mid\nFROM mid\n');
    expect(facts.base?.trace.map((place) => ('line' in place ? place.line : 0))).toEqual([1, 2, 3]);
  });

  test('catches not what the policy approves by a pattern', () => {
    const facts = built('FROM registry.example.com/team/base:1');
    expect(messagesOf(RULE, useWith(), facts, { approvedBases: ['registry.example.com/team/*'] })).toEqual([]);
  });

  test('catches distroless images when the policy approves others only', () => {
    const policy = { approvedBases: ['cgr.dev/chainguard/*'] };
    expect(messagesOf(RULE, useWith(), built('FROM gcr.io/distroless/static-debian13:nonroot'), policy)).toEqual([
      'the base gcr.io/distroless/static-debian13:nonroot is not among the bases that the policy approves',
    ]);
    expect(messagesOf(RULE, useWith(), built('FROM cgr.dev/chainguard/static'), policy)).toEqual([]);
  });

  test('catches not an unknown image whose layers were seen to hold no shell', () => {
    const facts = factsFromLayers(layersOf(), { reference: 'registry.example.com/team/app:1' });
    expect(messagesOf(RULE, useWith(), facts)).toEqual([]);
  });

  test('sees through mirrors of the policy', () => {
    const mirrors = { 'docker.io': 'registry.example.com/hub' };
    expect(messagesOf(RULE, useWith(), built('FROM registry.example.com/hub/library/node:24', { mirrors }))).toEqual([
      'the base registry.example.com/hub/library/node:24 is a language image on a full distribution, with a shell and a package manager',
    ]);
  });
});
