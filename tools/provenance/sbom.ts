/** A module's bill of materials in CycloneDX's JSON: what was compiled into it, and by what. */
import { Contrib, Enums, Models, Serialize, Spec } from "#cyclonedx";
import parseExpression from "spdx-expression-parse";
import type { BuildRecord, Package } from "./build-record.js";

/** The module itself. */
export interface SbomSubject {
  readonly file: string;
  readonly sha256: string;
  /** Null for a module that does not say: its bill then names nothing inside. */
  readonly build: BuildRecord | null;
  /** By the module's `producers` section. */
  readonly producers: readonly { readonly name: string; readonly version: string }[];
}

const licences = new Contrib.License.Factories.LicenseFactory((text) => void parseExpression(text));

/** The document: the same for the same module, without times and random numbers. */
export function sbomOf({ file, sha256, build, producers }: SbomSubject): string {
  const bom = new Models.Bom();
  const root = new Models.Component(Enums.ComponentType.Firmware, file, { bomRef: "module" });
  root.hashes.set(Enums.HashAlgorithm["SHA-256"], sha256);
  describeProject(root, build?.project ?? null);
  bom.metadata.component = root;
  const tools = build
    ? Object.entries(build.tools)
    : producers.map(({ name, version }) => [name, version] as const);
  for (const [name, version] of tools) {
    const tool = new Models.Component(Enums.ComponentType.Application, name, { version });
    if (build) tool.purl = purlOf(name, version);
    bom.metadata.tools.components.add(tool);
  }
  for (const own of build?.packages ?? []) {
    const component = libraryOf(own);
    bom.components.add(component);
    root.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function describeProject(root: Models.Component, project: Package | null): void {
  if (!project) return;
  root.version = project.version;
  addLicence(root, project);
}

function libraryOf(own: Package): Models.Component {
  const purl = purlOf(own.name, own.version);
  const component = new Models.Component(Enums.ComponentType.Library, own.name, {
    bomRef: purl,
    version: own.version,
    purl,
  });
  addLicence(component, own);
  return component;
}

function addLicence(component: Models.Component, { license }: Package): void {
  if (license) component.licenses.add(licences.makeFromString(license));
}

function purlOf(name: string, version: string): string {
  const path = name.split("/").map(encodeURIComponent).join("/");
  return `pkg:npm/${path}@${encodeURIComponent(version)}`;
}
