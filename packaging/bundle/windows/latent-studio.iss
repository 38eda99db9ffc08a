; The Windows installer, made by Inno Setup 6 from the folder that build.py made:
;     iscc /DVersion=0.1.0 packaging\bundle\windows\latent-studio.iss
; It installs for the user who runs it and asks for no rights of an administrator. README.md says how it is signed.

#ifndef Version
  #error Give the version: iscc /DVersion=0.1.0
#endif
#define Root "..\..\.."

[Setup]
AppId={{5B7D3C7E-0E53-4B0C-9C1B-2B8B6E0B7A41}
AppName=Latent Studio
AppVersion={#Version}
AppPublisher=Latent Studio
DefaultDirName={autopf}\Latent Studio
DefaultGroupName=Latent Studio
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile={#Root}\LICENSE
SetupIconFile={#Root}\build\icons\latent-studio.ico
UninstallDisplayIcon={app}\latent-studio.exe
OutputDir={#Root}\dist
OutputBaseFilename=latent-studio-{#Version}-windows-x86_64
Compression=lzma2/normal
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes

[Languages]
Name: "english"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "openwith"; Description: "Offer Latent Studio under ""Open with"" for pictures"; Flags: unchecked

[Files]
Source: "{#Root}\dist\latent-studio\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[InstallDelete]
; What an older version had and this one has not.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\Latent Studio"; Filename: "{app}\latent-studio.exe"
Name: "{autodesktop}\Latent Studio"; Filename: "{app}\latent-studio.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\Applications\latent-studio.exe\shell\open\command"; ValueType: string; ValueData: """{app}\latent-studio.exe"" ""%1"""; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\latent-studio.exe\SupportedTypes"; ValueType: string; ValueName: ".png"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\latent-studio.exe\SupportedTypes"; ValueType: string; ValueName: ".jpg"; Tasks: openwith

[Run]
Filename: "{app}\latent-studio.exe"; Description: "{cm:LaunchProgram,Latent Studio}"; Flags: nowait postinstall skipifsilent
