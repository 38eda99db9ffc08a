<?xml version='1.0' encoding='utf-8'?>
<TS version="2.1" language="en">
<context>
    <name>Arrivals</name>
    <message numerus="yes">
        <source>The first of %n pictures was opened.</source>
        <translation>
            <numerusform>The first of %n pictures was opened.</numerusform>
            <numerusform>The first of %n pictures was opened.</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>BatchDialog</name>
    <message numerus="yes">
        <source>%n photos</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Only %n photos: {names}</source>
        <translation>
            <numerusform>Only %n photo: {names}</numerusform>
            <numerusform>Only %n photos: {names}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are smaller than the pictures</source>
        <translation>
            <numerusform>%n is smaller than the pictures</numerusform>
            <numerusform>%n are smaller than the pictures</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are damaged</source>
        <translation>
            <numerusform>%n is damaged</numerusform>
            <numerusform>%n are damaged</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pictures made</source>
        <translation>
            <numerusform>%n picture made</numerusform>
            <numerusform>%n pictures made</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n there before</source>
        <translation>
            <numerusform>%n there before</numerusform>
            <numerusform>%n there before</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out</source>
        <translation>
            <numerusform>%n left out</numerusform>
            <numerusform>%n left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>ClipBar</name>
    <message numerus="yes">
        <source>%n frames</source>
        <translation>
            <numerusform>%n frame</numerusform>
            <numerusform>%n frames</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>Controls</name>
    <message numerus="yes">
        <source>%n steps</source>
        <translation>
            <numerusform>%n step</numerusform>
            <numerusform>%n steps</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>DirectionFiles</name>
    <message numerus="yes">
        <source>%n directions imported.</source>
        <translation>
            <numerusform>%n direction imported.</numerusform>
            <numerusform>%n directions imported.</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>ExploreSession</name>
    <message numerus="yes">
        <source>%n pictures of the last session wait for a model that is not in the library: {names}.</source>
        <translation>
            <numerusform>%n picture of the last session waits for a model that is not in the library: {names}.</numerusform>
            <numerusform>%n pictures of the last session wait for a model that is not in the library: {names}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FilmRow</name>
    <message numerus="yes">
        <source>Unfinished film, %n frames</source>
        <translation>
            <numerusform>Unfinished film, %n frame</numerusform>
            <numerusform>Unfinished film, %n frames</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>FinishBatchDialog</name>
    <message numerus="yes">
        <source>%n pictures finished.</source>
        <translation>
            <numerusform>%n picture finished.</numerusform>
            <numerusform>%n pictures finished.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FinishClipBar</name>
    <message numerus="yes">
        <source>%n frames</source>
        <translation>
            <numerusform>%n frame</numerusform>
            <numerusform>%n frames</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FinishPanel</name>
    <message numerus="yes">
        <source>Finish all %n …</source>
        <translation>
            <numerusform>Finish all %n …</numerusform>
            <numerusform>Finish all %n …</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>GalleryPanel</name>
    <message numerus="yes">
        <source>%n pictures copied.</source>
        <translation>
            <numerusform>%n picture copied.</numerusform>
            <numerusform>%n pictures copied.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pictures</source>
        <translation>
            <numerusform>%n picture</numerusform>
            <numerusform>%n pictures</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>HistoryStrip</name>
    <message numerus="yes">
        <source>%n minutes ago</source>
        <translation>
            <numerusform>%n minute ago</numerusform>
            <numerusform>%n minutes ago</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>InfoPanel</name>
    <message numerus="yes">
        <source>%n pictures are selected.</source>
        <translation>
            <numerusform>%n picture is selected.</numerusform>
            <numerusform>%n pictures are selected.</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>JobStatus</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LooksPage</name>
    <message numerus="yes">
        <source>%n files could not be used.</source>
        <translation>
            <numerusform>%n file could not be used.</numerusform>
            <numerusform>%n files could not be used.</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>PhotoTool</name>
    <message numerus="yes">
        <source>%n seconds</source>
        <translation>
            <numerusform>1 second</numerusform>
            <numerusform>%n seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minutes</source>
        <translation>
            <numerusform>1 minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>PictureTrash</name>
    <message numerus="yes">
        <source>%n pictures are in the trash. Undo brings them back.</source>
        <translation>
            <numerusform>%n picture is in the trash. Undo brings it back.</numerusform>
            <numerusform>%n pictures are in the trash. Undo brings them back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n pictures to the trash?</source>
        <translation>
            <numerusform>Move %n picture to the trash?</numerusform>
            <numerusform>Move %n pictures to the trash?</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>QuittingWindow</name>
    <message numerus="yes">
        <source>Finishing %n things before quitting:</source>
        <translation>
            <numerusform>Finishing %n thing before quitting:</numerusform>
            <numerusform>Finishing %n things before quitting:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RepairSection</name>
    <message numerus="yes">
        <source>Show %n proposals</source>
        <translation>
            <numerusform>Show %n proposal</numerusform>
            <numerusform>Show %n proposals</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>StyleBatchDialog</name>
    <message numerus="yes">
        <source>%n photos restyled.</source>
        <translation>
            <numerusform>%n photo restyled.</numerusform>
            <numerusform>%n photos restyled.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StyleLibraryPanel</name>
    <message numerus="yes">
        <source>%n files could not be used.</source>
        <translation>
            <numerusform>%n file could not be used.</numerusform>
            <numerusform>%n files could not be used.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n styles to the trash?</source>
        <translation>
            <numerusform>Move %n style to the trash?</numerusform>
            <numerusform>Move %n styles to the trash?</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>StyleSheetView</name>
    <message numerus="yes">
        <source>This photo in %n styles</source>
        <translation>
            <numerusform>This photo in %n style</numerusform>
            <numerusform>This photo in %n styles</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>StylizerPanel</name>
    <message numerus="yes">
        <source>Restyle all %n …</source>
        <translation>
            <numerusform>Restyle all %n …</numerusform>
            <numerusform>Restyle all %n …</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>UnsavedBar</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
</TS>